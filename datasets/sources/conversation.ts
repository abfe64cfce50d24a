import type { ContentPart, Message } from "@signalbox/runtime";
import {
  asArray,
  asRecord,
  asRecords,
  asString,
  asText,
  firstNumber,
  firstOf,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { readContent, type ToolCall, textWithCalls, toolCall } from "./message-content.js";

/** What a request body asked for, in one shape for all providers. */
export interface Conversation {
  /** System and developer instructions, joined by blank lines. */
  system: string | null;
  /** The turns as sent, system prompt apart. Roles are user, assistant and tool; `content` is text when it is all text, else
   * parts `{type: "text" | "image" | "audio" | "file", ...}` without the attachment's bytes; calls are `tool_calls`,
   * OpenAI shaped. Ids that providers give to calls and results are left out: the same conversation is the same whoever logged it. */
  messages: Message[];
  /** Tool definitions as sent; null when none were offered. */
  tools: unknown[] | null;
  /** Whether structured output (JSON mode or a schema) was demanded. */
  hasJsonSchema: boolean;
  maxTokens: number | null;
  temperature: number | null;
}

/** Read the conversation out of a request body of any known provider API: OpenAI chat, completions, embeddings and responses,
 * Anthropic messages and completions, Gemini generateContent, Bedrock Converse and InvokeModel, Cohere, Ollama, Mistral and
 * their likes. A list is taken as messages, a string as JSON or as one user turn. Never throws.
 * @returns messages is empty when no prompt was found */
export function readConversation(body: unknown): Conversation {
  const parsed = parseEmbedded(body);
  const record = asRecord(parsed) ?? {};
  const settings = settingsOf(record);
  const system: string[] = [];
  const messages: Message[] = [];
  addSystem(
    system,
    firstOf(record, ["system", "systemInstruction", "system_instruction", "instructions", "preamble"]),
  );
  for (const turn of turnsOf(parsed, record)) {
    if (isSystem(turn)) addSystem(system, turn.content ?? turn.parts);
    else messages.push(...readTurn(turn));
  }
  return {
    system: system.length > 0 ? system.join("\n\n") : null,
    messages,
    tools: toolsOf(record),
    hasJsonSchema: wantsJson(record, settings),
    maxTokens: firstInSettings(settings, MAX_TOKENS),
    temperature: firstInSettings(settings, ["temperature"]),
  };
}

/** Fold a conversation's content to text: text parts joined by line breaks, attachments left out. */
export function messageText(content: Message["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? [])
    .map((part) => (typeof part === "string" ? part : (part.text ?? "")))
    .filter((text) => text !== "")
    .join("\n");
}

/** What the turns of an answer say as one text: their texts, then the calls that they make, as JSON.
 * @returns null when they say nothing */
export function answerText(messages: readonly Message[]): string | null {
  const texts = messages.map(({ content }) => messageText(content)).filter((text) => text !== "");
  const calls = messages.flatMap(({ tool_calls: made }) => asArray(made) ?? []);
  return textWithCalls(texts.join("\n"), calls);
}

const MAX_TOKENS = [
  "max_tokens",
  "max_completion_tokens",
  "max_output_tokens",
  "maxOutputTokens",
  "max_tokens_to_sample",
  "maxTokens",
  "maxTokenCount",
  "max_new_tokens",
  "max_gen_len",
  "num_predict",
];

const SETTINGS = [
  "generationConfig",
  "generation_config",
  "inferenceConfig",
  "textGenerationConfig",
  "options",
  "parameters",
  "config",
];

function settingsOf(record: JsonRecord): JsonRecord[] {
  return [record, ...asRecords(SETTINGS.map((name) => record[name]))];
}

function firstInSettings(settings: JsonRecord[], names: readonly string[]): number | null {
  for (const group of settings) {
    const number = firstNumber(group, names);
    if (number !== null) return number;
  }
  return null;
}

function addSystem(system: string[], value: unknown): void {
  const parts = asRecord(value)?.parts ?? value;
  const text = messageText(readContent(parts).content);
  if (text.trim() !== "") system.push(text);
}

/** The turns in order, each an object with a role (or an OpenAI responses item with a type). */
function turnsOf(parsed: unknown, record: JsonRecord): JsonRecord[] {
  if (typeof parsed === "string") return parsed === "" ? [] : [{ role: "user", content: parsed }];
  if (Array.isArray(parsed)) return asTurns(parsed);
  const listed = firstOf(record, [
    "messages",
    "contents",
    "input",
    "prompt",
    "inputs",
    "inputText",
    "texts",
    "content",
  ]);
  const history = asArray(firstOf(record, ["chat_history"])) ?? [];
  const latest = asString(record.message) ?? asString(record.query);
  if (history.length > 0 || latest !== null) {
    return [...asTurns(history), ...(latest === null ? [] : [{ role: "user", content: latest }])];
  }
  return Array.isArray(listed)
    ? asTurns(listed)
    : listed === undefined
      ? []
      : [{ role: "user", content: listed }];
}

/** A list is turns when its elements carry roles or item types; a list of plain strings or parts is one user turn. Token
 * ids (lists of numbers) have no text to keep. */
function asTurns(list: unknown[]): JsonRecord[] {
  const records = list.map(parseTurn);
  const areTurns = records.some(
    (item) => item !== null && ("role" in item || "author" in item || isItem(item) || "parts" in item),
  );
  if (areTurns) {
    return records.flatMap((item, index) =>
      item !== null
        ? [item]
        : typeof list[index] === "string"
          ? [{ role: "user", content: list[index] }]
          : [],
    );
  }
  return list.length === 0 ? [] : [{ role: "user", content: list }];
}

function parseTurn(value: unknown): JsonRecord | null {
  return (
    asRecord(value) ??
    (typeof value === "string" && value.startsWith("{") ? asRecord(parseEmbedded(value)) : null)
  );
}

function isItem(item: JsonRecord): boolean {
  return (
    typeof item.type === "string" &&
    /^(message|reasoning|item_reference|.*_call|.*_call_output)$/.test(item.type)
  );
}

function isSystem(turn: JsonRecord): boolean {
  return /^(system|developer)$/i.test(roleOf(turn));
}

function roleOf(turn: JsonRecord): string {
  return asString(turn.role) ?? asString(asRecord(turn.author)?.role) ?? "";
}

const ROLES = new Map(
  Object.entries({
    user: "user",
    human: "user",
    assistant: "assistant",
    model: "assistant",
    chatbot: "assistant",
    ai: "assistant",
    tool: "tool",
    function: "tool",
  }),
);

/** One turn as messages: tool results inside a user turn (Anthropic, Gemini, Bedrock) become messages of role tool. */
function readTurn(turn: JsonRecord): Message[] {
  const type = asString(turn.type) ?? "";
  if (type.endsWith("_call_output")) {
    return [{ role: "tool", content: readContent(turn.output).content ?? "" }];
  }
  if (type.endsWith("_call") && !("role" in turn))
    return [{ role: "assistant", content: "", tool_calls: [callOf(turn)] }];
  if (type === "reasoning" || type === "item_reference") return [];
  const read = readContent(turn.content ?? turn.parts ?? turn.message ?? turn.text);
  const role = ROLES.get(roleOf(turn).toLowerCase()) ?? (roleOf(turn) || "user");
  const results: Message[] = read.toolResults.map((content) => ({ role: "tool", content }));
  const images = asArray(turn.images) ?? [];
  const attached =
    images.length > 0 ? [...partsOf(read.content), ...images.map(() => ({ type: "image" }))] : read.content;
  const calls = [...read.toolCalls, ...callsOf(turn)];
  if (attached === null && calls.length === 0 && results.length > 0) return results;
  const message: Message = { role, content: attached ?? "" };
  if (calls.length > 0) message.tool_calls = calls;
  return [...results, message];
}

function partsOf(content: string | ContentPart[] | null): ContentPart[] {
  if (content === null || content === "") return [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function callsOf(turn: JsonRecord): ToolCall[] {
  const calls = asRecords(turn.tool_calls).map(callOf);
  const legacy = asRecord(turn.function_call);
  return legacy === null ? calls : [...calls, callOf(legacy)];
}

function callOf(call: JsonRecord): ToolCall {
  const target = asRecord(call.function) ?? call;
  return toolCall(
    asString(target.name) ?? asString(call.type) ?? "",
    firstOf(target, ["arguments", "input", "parameters", "args"]),
  );
}

function toolsOf(record: JsonRecord): unknown[] | null {
  const listed =
    asArray(record.tools) ?? asArray(asRecord(record.toolConfig)?.tools) ?? asArray(record.functions);
  if (listed === null) return null;
  // Gemini groups its functions: [{functionDeclarations: [...]}].
  const tools = listed.flatMap(
    (tool) => asArray(firstOf(asRecord(tool), ["functionDeclarations", "function_declarations"])) ?? [tool],
  );
  return tools.length > 0 ? tools : null;
}

function wantsJson(record: JsonRecord, settings: JsonRecord[]): boolean {
  const format =
    asRecord(record.response_format) ??
    asRecord(asRecord(record.text)?.format) ??
    asRecord(asRecord(record.output_config)?.format);
  if (format !== null) return typeof format.type === "string" ? /^json/.test(format.type) : true;
  if (
    firstOf(record, ["output_format", "guided_json"]) !== undefined ||
    record.format === "json" ||
    asRecord(record.format)
  )
    return true;
  return settings.some(
    (group) =>
      /json/.test(asText(firstOf(group, ["responseMimeType", "response_mime_type"]) ?? "")) ||
      firstOf(group, ["responseSchema", "response_schema", "responseJsonSchema", "response_json_schema"]) !==
        undefined,
  );
}
