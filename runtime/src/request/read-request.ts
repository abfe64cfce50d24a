import type { RouteRequest } from "./request.js";
import {
  configOf,
  type Fields,
  formatOf,
  partsRead,
  readTurnFields,
  recordOf,
  systemOf,
  textOf,
  turnsOf,
} from "./request-fields.js";

/** What the featuriser and the hard constraints need from a request, whatever provider's shape it came in. */
export interface ReadRequest {
  /** Text of the last user turn that has any. */
  userText: string;
  /** System prompt and system or developer messages, joined by a line feed. */
  systemText: string;
  /** Characters (UTF-16 units) of every other turn, tool results included. */
  historyChars: number;
  /** User turns with text. */
  userTurns: number;
  /** Whether a model has answered before in this conversation. */
  hasAnswer: boolean;
  /** Whether one had answered before the last user turn: that turn replies to it. The steps of an agent come after the turn. */
  isReply: boolean;
  nImages: number;
  nTools: number;
  jsonMode: "none" | "object" | "schema";
  /** Output cap in tokens; null when not given. */
  maxTokens: number | null;
  sessionId: string | null;
  requestId: string | null;
}

/** Turns beyond this many are not read: the oldest are left out. */
const turnsRead = 10_000;

/** Read a request in the shape of OpenAI chat (`messages`), OpenAI responses (`input`, `instructions`), Anthropic
 * (`messages`, `system`), Gemini (`contents`, `systemInstruction`) or the shorthand (`prompt`, `system`). Fields of the
 * wrong type are read as absent; only a getter of the caller's own can make it throw. */
export function readRequest(request: RouteRequest): ReadRequest {
  const fields = recordOf(request);
  const config = configOf(fields);
  const read: ReadRequest = {
    userText: "",
    systemText: textOf(systemOf(fields, config)),
    historyChars: 0,
    userTurns: 0,
    hasAnswer: false,
    isReply: false,
    nImages: 0,
    nTools: countTools(fields.tools ?? config.tools) + lengthOf(fields.functions),
    jsonMode: readJsonMode(fields, config),
    maxTokens: readMaxTokens(fields, config),
    sessionId: readId(fields.sessionId ?? fields.session_id ?? fields.conversation),
    requestId: readId(fields.requestId ?? fields.request_id),
  };
  readTurns(turnsOf(fields), read);
  const prompt = textOf(fields.prompt);
  if (prompt !== "") addUserText(read, prompt);
  return read;
}

function readTurns(turns: readonly unknown[], read: ReadRequest): void {
  for (let i = Math.max(0, turns.length - turnsRead); i < turns.length; i++) readTurn(turns[i], read);
}

function readTurn(value: unknown, read: ReadRequest): void {
  const { role, content } = readTurnFields(value);
  read.nImages += countImages(content);
  const text = textOf(content);
  if (role === "system" || role === "developer") {
    if (text !== "") read.systemText = read.systemText === "" ? text : `${read.systemText}\n${text}`;
    return;
  }
  if (role === "user" || role === "human") {
    read.historyChars += toolResultChars(content);
    if (text !== "") addUserText(read, text);
    return;
  }
  if (role === "assistant" || role === "model") read.hasAnswer = true;
  read.historyChars += text.length + toolResultChars(content);
}

function addUserText(read: ReadRequest, text: string): void {
  read.historyChars += read.userText.length;
  read.userText = text;
  read.isReply = read.hasAnswer;
  if (text !== "") read.userTurns += 1;
}

function toolResultChars(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  let chars = 0;
  for (let i = 0; i < Math.min(content.length, partsRead); i++) {
    const part = recordOf(content[i]);
    if (part.type === "tool_result") chars += textOf(part.content).length;
  }
  return chars;
}

const imageTypes = new Set(["image", "image_url", "input_image"]);

function countImages(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  let count = 0;
  for (let i = 0; i < Math.min(content.length, partsRead); i++) {
    const part = recordOf(content[i]);
    const isImage = typeof part.type === "string" && imageTypes.has(part.type);
    if (isImage || part.inlineData !== undefined || part.inline_data !== undefined) count += 1;
  }
  return count;
}

function countTools(tools: unknown): number {
  if (!Array.isArray(tools)) return 0;
  let count = 0;
  for (let i = 0; i < Math.min(tools.length, partsRead); i++) {
    const tool = recordOf(tools[i]);
    count += lengthOf(tool.functionDeclarations ?? tool.function_declarations) || 1;
  }
  return count;
}

function readJsonMode(fields: Fields, config: Fields): ReadRequest["jsonMode"] {
  const format = formatOf(fields);
  if (
    format.type === "json_schema" ||
    config.responseSchema !== undefined ||
    config.responseJsonSchema !== undefined
  ) {
    return "schema";
  }
  return format.type === "json_object" || config.responseMimeType === "application/json" ? "object" : "none";
}

function readMaxTokens(fields: Fields, config: Fields): number | null {
  const given =
    fields.maxTokens ??
    fields.max_completion_tokens ??
    fields.max_output_tokens ??
    fields.max_tokens ??
    config.maxOutputTokens;
  return typeof given === "number" && given >= 0 && given < Number.POSITIVE_INFINITY ? given : null;
}

function readId(value: unknown): string | null {
  const id = typeof value === "object" ? recordOf(value).id : value;
  if (typeof id === "string") return id === "" ? null : id;
  return typeof id === "number" || typeof id === "bigint" ? String(id) : null;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
