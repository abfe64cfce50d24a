import { sha256HexOfUnits } from "../hash/sha256.js";
import { type Fields, recordOf } from "./request-fields.js";

/** A model's call of a tool. */
export interface ToolCall {
  id: unknown;
  name: unknown;
  /** Arguments, parsed where they are JSON text. */
  input: unknown;
}

/** What a tool returned. */
export interface ToolResult {
  id: unknown;
  name: unknown;
  output: unknown;
  isError?: unknown;
}

/** The call that a part or item holds, in the spelling of OpenAI chat, OpenAI responses, Anthropic or Gemini; null for none. */
export function toolCallOf(part: Fields): ToolCall | null {
  if (part.type === "tool_use") return { id: part.id, name: part.name, input: part.input };
  if (part.type === "function_call") {
    return { id: part.call_id ?? part.id, name: part.name, input: parseInput(part.arguments) };
  }
  if (part.type === "function" && part.function !== undefined) {
    const { name, arguments: input } = recordOf(part.function);
    return { id: part.id, name, input: parseInput(input) };
  }
  const call = part.functionCall ?? part.function_call;
  if (call === undefined) return null;
  const { id, name, args } = recordOf(call);
  return { id, name, input: args };
}

/** The result that a part or item holds; null for none. */
export function toolResultOf(part: Fields): ToolResult | null {
  if (part.type === "tool_result") {
    return { id: part.tool_use_id, name: undefined, output: part.content, isError: part.is_error };
  }
  if (part.type === "function_call_output") {
    return { id: part.call_id, name: undefined, output: part.output };
  }
  const answer = part.functionResponse ?? part.function_response;
  if (answer === undefined) return null;
  const { id, name, response } = recordOf(answer);
  const fields = recordOf(response);
  const [only] = Object.keys(fields).length === 1 ? Object.values(fields) : [];
  return { id, name, output: typeof only === "string" && fields.error === undefined ? only : response };
}

function parseInput(input: unknown): unknown {
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

/** An image, file or other part that is no text, in one form for every provider: `["data", media type, SHA-256]`,
 * `["url", address, ...]`, or the part as it is. Null for text and for nothing. */
export function attachmentOf(part: Fields): unknown[] | null {
  if (typeof part.text === "string" || Object.keys(part).length === 0) return null;
  const inline = recordOf(part.inlineData ?? part.inline_data);
  if (typeof inline.data === "string") return dataOf(inline.mimeType ?? inline.mime_type, inline.data);
  const source = recordOf(part.source);
  if (source.type === "base64" && typeof source.data === "string")
    return dataOf(source.media_type, source.data);
  const image = recordOf(part.image_url);
  const url = source.type === "url" ? source.url : (image.url ?? part.image_url);
  if (typeof url !== "string") return ["part", part];
  const detail = image.detail ?? part.detail ?? null;
  const data = /^data:([^;,]{0,100});base64,/.exec(url);
  const form = data === null ? ["url", url] : dataOf(data[1], url.slice(data[0].length));
  return detail === null ? form : [...form, detail];
}

function dataOf(mediaType: unknown, base64: string): unknown[] {
  return ["data", mediaType ?? null, sha256HexOfUnits(base64)];
}
