import {
  asArray,
  asNumber,
  asRecord,
  asRecords,
  asString,
  firstOf,
  type JsonRecord,
} from "../json-access.js";
import { readContent, type ToolCall, toolCall } from "../message-content.js";

/** A call of a tool, or a piece of one: streams send a call's name first and its arguments in bits of text. */
export interface CallPart {
  /** Which call of the stream it is a piece of; null for a whole call. */
  index: number | null;
  name: string;
  /** An object, JSON text, or a piece of such text. */
  given: unknown;
}

/** The calls that a response body makes, or one chunk of a stream adds, in any known provider's spelling.
 * @param choice the first choice or candidate of the body */
export function readCallParts(body: JsonRecord, choice: JsonRecord | null): CallPart[] {
  const message = asRecord(choice?.delta) ?? asRecord(choice?.message) ?? asRecord(body.message) ?? null;
  const delta = asRecord(body.delta);
  const spoken = [
    choice === null ? undefined : (message?.content ?? asRecord(choice.content)?.parts),
    asRecord(asRecord(body.output)?.message)?.content,
    choice === null ? asRecord(body.message)?.content : undefined,
    body.role === "assistant" || body.type === "message" ? body.content : undefined,
  ].flatMap((content) => (typeof content === "object" ? readContent(content).toolCalls : []));
  return [
    ...spoken.map(({ function: { name, arguments: given } }) => ({ index: null, name, given })),
    ...openaiCalls(message),
    ...(message === null ? openaiCalls(body) : []),
    // Cohere's events: {index, delta: {message: {tool_calls: {function: {name, arguments}}}}}.
    ...openaiCalls(asRecord(delta?.message)).map((part) => ({
      ...part,
      index: asNumber(body.index) ?? part.index,
    })),
    ...asRecords(body.output).concat(asRecords(body.steps)).filter(isCallItem).map(callItem),
    ...blockPart(body, delta),
  ];
}

/** Whole calls from their parts, in the order in which they began. */
export function joinCalls(parts: readonly CallPart[]): ToolCall[] {
  const calls = new Map<number | symbol, { name: string; text: string; object: unknown }>();
  let last: number | symbol = Symbol();
  for (const { index, name, given } of parts) {
    const isRest: boolean = index === null && name === "" && calls.has(last);
    const key: number | symbol = isRest ? last : (index ?? Symbol());
    last = key;
    const call = calls.get(key) ?? { name: "", text: "", object: undefined };
    calls.set(key, {
      name: call.name === "" ? name : call.name,
      text: typeof given === "string" ? call.text + given : call.text,
      object: typeof given === "object" && given !== null ? given : call.object,
    });
  }
  return [...calls.values()].map(({ name, text, object }) => toolCall(name, text === "" ? object : text));
}

/** OpenAI, Mistral, Cohere, Ollama: tool_calls, or the function_call of old. */
function openaiCalls(message: JsonRecord | null): CallPart[] {
  const listed = asArray(message?.tool_calls) ?? [message?.tool_calls, message?.function_call];
  return asRecords(listed).map((call) => {
    const target = asRecord(call.function) ?? asRecord(call.custom) ?? call;
    const index = asNumber(call.index);
    return {
      index: call === message?.function_call ? -1 : index,
      name: asString(target.name) ?? "",
      given: firstOf(target, ["arguments", "input", "parameters", "args"]),
    };
  });
}

/** OpenAI responses and Gemini interactions: items of type function_call, web_search_call, ... */
function isCallItem({ type }: JsonRecord): boolean {
  return typeof type === "string" && /_call$/.test(type);
}

function callItem(item: JsonRecord): CallPart {
  return {
    index: null,
    name: asString(item.name) ?? asString(item.type) ?? "",
    given: firstOf(item, ["arguments", "input", "parameters", "args"]),
  };
}

/** Anthropic's and Bedrock Converse's events: a block begins with the name, and goes on with pieces of its input. */
function blockPart(body: JsonRecord, delta: JsonRecord | null): CallPart[] {
  const begun = asRecord(body.content_block);
  const converse = asRecord(body.contentBlockStart) ?? asRecord(body.contentBlockDelta) ?? body;
  const index = asNumber(body.index) ?? asNumber(converse.contentBlockIndex);
  if (begun !== null && /^(server_)?tool_use$/.test(asString(begun.type) ?? ""))
    return [{ index, name: asString(begun.name) ?? "", given: begun.input }];
  if (delta !== null && delta.type === "input_json_delta")
    return [{ index, name: "", given: asString(delta.partial_json) ?? "" }];
  const started = asRecord(asRecord(converse.start)?.toolUse);
  if (started !== null) return [{ index, name: asString(started.name) ?? "", given: undefined }];
  const added = asRecord(asRecord(converse.delta)?.toolUse);
  return added === null ? [] : [{ index, name: "", given: asString(added.input) ?? "" }];
}
