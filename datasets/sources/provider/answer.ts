import { messageText } from "../conversation.js";
import {
  asArray,
  asNumber,
  asRecord,
  asRecords,
  asString,
  asText,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
} from "../json-access.js";
import { readContent, textWithCalls } from "../message-content.js";
import { readTimestamp } from "../read-time.js";
import { type CallPart, joinCalls, readCallParts } from "./answer-calls.js";

/** What a provider's response body (or one chunk of a stream) says. Everything unknown is null. */
export interface Answer {
  id: string | null;
  model: string | null;
  /** What the first choice says: its text, then the calls of tools that it makes, as JSON. */
  text: string | null;
  finishReason: string | null;
  usageRaw: unknown;
  serviceTier: string | null;
  /** Microseconds since 1970, UTC. */
  createdAt: number | null;
  latencyMs: number | null;
  ttftMs: number | null;
  /** The body's own error, as text. */
  error: string | null;
  /** Whether the body is a model's answer at all. */
  isAnswer: boolean;
}

/** What one chunk of a stream adds to an answer. */
export interface AnswerChunk extends Answer {
  /** The text that it adds, without its calls. */
  text: string | null;
  callParts: CallPart[];
}

/** Read a response body of any known provider API. Never throws. */
export function readAnswer(value: unknown): Answer {
  const { callParts, ...answer } = readChunk(value);
  return { ...answer, text: textWithCalls(answer.text, joinCalls(callParts)) };
}

/** Read one chunk of a stream, or a body whose calls are to be kept apart. Never throws. */
export function readChunk(value: unknown): AnswerChunk {
  const list = asArray(value);
  // Hugging Face endpoints answer with a list of one.
  const body = asRecord(value) ?? asRecord(list?.[0]) ?? {};
  const choice = asRecord(asArray(body.choices)?.[0]) ?? asRecord(asArray(body.candidates)?.[0]);
  const text = textOf(body, choice);
  const callParts = readCallParts(body, choice);
  const finishReason = finishOf(body, choice);
  const usageRaw = usageOf(body);
  return {
    id: firstString(body, ["id", "responseId", "response_id", "generation_id"]),
    model: firstString(body, ["model", "modelVersion", "model_version"]),
    text,
    callParts,
    finishReason,
    usageRaw,
    serviceTier:
      (asRecord(usageRaw)?.speed === "fast" ? "fast" : null) ??
      firstString(body, ["service_tier", "serviceTier"]) ??
      firstString(asRecord(usageRaw), ["service_tier", "serviceTier"]),
    createdAt: readTimestamp(
      firstOf(body, ["created", "created_at", "createTime", "create_time", "createdAt"]),
    ),
    ...timings(body),
    error: errorOf(body),
    isAnswer:
      text !== null ||
      callParts.length > 0 ||
      finishReason !== null ||
      usageRaw !== null ||
      choice !== null ||
      isEmbedding(body),
  };
}

function textOf(body: JsonRecord, choice: JsonRecord | null): string | null {
  const parts = [
    choice === null
      ? undefined
      : (asRecord(choice.delta)?.content ??
        asRecord(choice.message)?.content ??
        choice.text ??
        asRecord(choice.content)?.parts),
    responsesText(body),
    asRecord(body.output)?.message === undefined
      ? undefined
      : asRecord(asRecord(body.output)?.message)?.content,
    asRecord(body.message)?.content,
    body.role === "assistant" || body.type === "message" ? body.content : undefined,
    deltaText(body),
    firstOf(asRecord(asRecords(firstOf(body, ["results", "generations", "outputs", "completions"]))[0]), [
      "outputText",
      "text",
      "data",
    ]),
    ...["outputText", "generation", "completion", "generated_text"].map((name) => body[name]),
    typeof body.response === "string" ? body.response : undefined,
    isTextBody(body) ? body.text : undefined,
    typeof body.value === "string" ? body.value : undefined,
  ];
  for (const part of parts) {
    const text = part === undefined || part === null ? "" : readText(part);
    if (text !== "") return text;
  }
  return null;
}

/** Cohere v1; OpenAI's `...text.done` events repeat the text that their deltas have brought. */
function isTextBody(body: JsonRecord): boolean {
  if (typeof body.text !== "string" || /\.done$/.test(asText(body.type))) return false;
  return body.event_type === undefined || body.event_type === "text-generation";
}

/** Chunks hold blanks and line breaks that matter, so plain strings pass untouched. */
function readText(value: unknown): string {
  return typeof value === "string" ? value : messageText(readContent(value).content);
}

/** OpenAI responses (output items) and Gemini interactions (steps). */
function responsesText(body: JsonRecord): string | undefined {
  const items = asRecords(body.output).concat(asRecords(body.steps));
  const texts = items
    .filter((item) => item.type === "message" || item.type === "model_output")
    .map((item) => readText(item.content));
  return texts.length > 0 ? texts.join("\n") : undefined;
}

/** What a stream's event adds: Anthropic, Bedrock Converse and Nova, OpenAI responses, Cohere v2, Gemini interactions, Assistants. */
function deltaText(body: JsonRecord): unknown {
  const delta = asRecord(body.contentBlockDelta)?.delta ?? body.delta;
  if (typeof delta === "string") return body.type === "response.output_text.delta" ? delta : undefined;
  const record = asRecord(delta);
  if (record === null || record.type === "thinking_delta" || record.type === "thought_summary")
    return undefined;
  return (
    record.text ??
    asRecord(asRecord(record.message)?.content)?.text ??
    (body.object === "thread.message.delta" ? record.content : undefined)
  );
}

function finishOf(body: JsonRecord, choice: JsonRecord | null): string | null {
  const stop = asRecord(body.messageStop) ?? asRecord(body.delta);
  const first = asRecords(firstOf(body, ["results", "generations", "outputs", "completions"]))[0] ?? null;
  const calls = asRecords(body.output).some((item) => /_call$/.test(asText(item.type)));
  const responseStatus = /^(response|interaction|thread\.run)$/.test(asText(body.object))
    ? asString(body.status)
    : null;
  return (
    firstString(choice, ["finish_reason", "finishReason"]) ??
    GEMINI_FINISH[asNumber(choice?.finishReason) ?? 0] ??
    firstString(body, [
      "stop_reason",
      "stopReason",
      "finish_reason",
      "finishReason",
      "completionReason",
      "done_reason",
    ]) ??
    firstString(stop, ["stop_reason", "stopReason", "finish_reason"]) ??
    firstString(first, ["completionReason", "finish_reason", "stop_reason"]) ??
    asString(asRecord(first?.finishReason)?.reason) ??
    asString(asRecord(body.incomplete_details)?.reason) ??
    (responseStatus === "completed" ? (calls ? "tool_calls" : "stop") : null)
  );
}

/** Gemini's finish reasons where enums are written as numbers ($alt=json;enum-encoding=int). */
const GEMINI_FINISH = [
  undefined,
  "STOP",
  "MAX_TOKENS",
  "SAFETY",
  "RECITATION",
  "OTHER",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
];

function usageOf(body: JsonRecord): unknown {
  const named =
    firstOf(body, ["usage", "usageMetadata", "usage_metadata"]) ??
    asRecord(body.x_groq)?.usage ??
    asRecord(body.delta)?.usage ??
    asRecord(body.metadata)?.usage;
  if (asRecord(named) !== null) return named;
  const meta = asRecord(body.meta);
  if (asRecord(meta?.billed_units) !== null || asRecord(meta?.tokens) !== null) return meta;
  const metrics = asRecord(body["amazon-bedrock-invocationMetrics"]);
  if (metrics !== null) return metrics;
  const titan = asRecords(body.results)[0];
  if (titan !== undefined && asNumber(titan.tokenCount) !== null) {
    return { inputTextTokenCount: body.inputTextTokenCount, outputTokenCount: titan.tokenCount };
  }
  return (
    pick(body, ["prompt_eval_count", "eval_count"]) ??
    pick(body, ["prompt_token_count", "generation_token_count"]) ??
    pick(body, ["inputTextTokenCount", "totalOutputTextTokenCount"])
  );
}

function pick(body: JsonRecord, names: string[]): JsonRecord | null {
  const found = names.filter((name) => asNumber(body[name]) !== null);
  return found.length > 0 ? Object.fromEntries(found.map((name) => [name, body[name]])) : null;
}

function timings(body: JsonRecord): { latencyMs: number | null; ttftMs: number | null } {
  const metrics =
    asRecord(body.metrics) ??
    asRecord(asRecord(body.metadata)?.metrics) ??
    asRecord(body["amazon-bedrock-invocationMetrics"]);
  const nanoseconds = asNumber(body.total_duration);
  return {
    latencyMs:
      firstNumber(metrics, ["latencyMs", "invocationLatency"]) ??
      (nanoseconds === null ? null : nanoseconds / 1e6),
    ttftMs: firstNumber(metrics, ["firstByteLatency", "timeToFirstByteMs"]),
  };
}

function errorOf(body: JsonRecord): string | null {
  const error =
    body.error ??
    (body.type === "error" || body.object === "error" ? body : null) ??
    (asString(body.__type) === null ? null : body);
  if (error === null || error === undefined || error === false) return null;
  if (typeof error === "string") return error;
  const record = asRecord(error);
  if (record === null) return null;
  const said = ["__type", "type", "code", "status", "message"]
    .map((name) => record[name])
    .filter((part) => typeof part === "string");
  return said.length > 0 ? said.join(": ") : "unspecified error";
}

function isEmbedding(body: JsonRecord): boolean {
  return (
    (body.object === "list" && asRecord(asArray(body.data)?.[0])?.embedding !== undefined) ||
    ["embedding", "embeddings", "embeddingsByType"].some(
      (name) => typeof body[name] === "object" && body[name] !== null,
    )
  );
}
