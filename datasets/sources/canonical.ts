import { canonicalProvider } from "../prices/provider-names.js";
import { requestLog } from "../request-log.js";
import { type NormalisedUsage, normaliseUsage } from "../tokens/normalise-usage.js";
import { type CanonicalField, columnNames } from "./canonical/column-names.js";
import { readStatus } from "./canonical/read-status.js";
import { readCanonicalUsage } from "./canonical/read-usage.js";
import { answerText, readConversation } from "./conversation.js";
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  firstOf,
  type JsonRecord,
  parseEmbedded,
  printed,
  toJson,
} from "./json-access.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Signalbox's own request log as JSONL, CSV or Parquet: the columns of docs/request-log.md, of which only a time and a model are
 * required, or the everyday names that teams write by hand (id, timestamp, model, prompt, response, input_tokens, cost_usd, ...).
 * Input counts include the cache and output counts the reasoning, as the totals of the request log do. */
export const canonicalSource: Source = {
  name: "canonical",
  title: "Signalbox request log, or a table with a time, a model and tokens or texts",
  score: scoreRow,
  map: mapRow,
};

function scoreRow(line: unknown): number {
  const row = asRecord(line);
  if (row === null) return 0;
  const has = (field: CanonicalField) => firstOf(row, columnNames[field]) !== undefined;
  if (!has("createdAt") || !(has("modelServed") || has("modelRequested"))) return 0;
  // A request or response object inside is some proxy's log.
  if (nested.some((name) => typeof row[name] === "object" && row[name] !== null)) return 0;
  const own = ownColumns.filter((name) => name in row).length;
  if (own >= 2) return 0.95;
  const says =
    has("inputTokens") ||
    has("outputTokens") ||
    has("userText") ||
    has("outputText") ||
    has("messages") ||
    has("costReportedUsd");
  return says || own === 1 ? 0.6 : 0.3;
}

const nested = ["request", "response", "body", "choices", "request_body", "response_body", "error"];

/** Columns that nobody else names so. */
const ownColumns = Object.keys(requestLog.columns).filter((name) =>
  /^(request_id|logical_id|attempt_no|model_(requested|served)|content_state|(system|user|output)_text|history_json|input_(uncached|cache|total)_\w*tokens|output_(text|reasoning|total)_tokens|cost_(reported|list)_usd|tokens_source|error_class|user_hash|source_file)$/.test(
    name,
  ),
);

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "the record is not an object with named columns",
    };
  if (Object.values(row).every((value) => value === null || value === ""))
    return { kind: "skipped", reason: "empty_record", detail: "all columns are empty" };
  const at = firstOf(row, columnNames.createdAt);
  const createdAt = readTimestamp(at);
  if (at !== undefined && createdAt === null) return quarantined("missing_time", `the time is ${quoted(at)}`);
  const bad = badNumber(row);
  if (bad !== null) return quarantined("bad_value", bad);
  const status = readStatus(row);
  if (typeof status === "string") return quarantined("bad_value", status);
  const provider = canonicalProvider(text(row, "provider"));
  const { usage, raw } = readUsage(row, provider);
  if (usage !== null && "error" in usage) return quarantined(usage.error, usage.detail);
  const seconds = asNumber(firstOf(row, ["latency_s", "duration_s", "latency_seconds", "duration_seconds"]));
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: text(row, "id"),
      attemptNo: number(row, "attemptNo"),
      logicalId: text(row, "logicalId"),
      sessionId: text(row, "sessionId"),
      tenant: text(row, "tenant"),
      user: text(row, "user"),
      app: text(row, "app"),
      apiKey: text(row, "apiKey"),
      endpoint: text(row, "endpoint"),
      createdAt,
      updatedAt: readTimestamp(firstOf(row, columnNames.updatedAt)),
      latencyMs: number(row, "latencyMs") ?? (seconds === null ? null : seconds * 1000),
      ttftMs: number(row, "ttftMs"),
      modelRequested: text(row, "modelRequested") ?? text(row, "modelServed"),
      modelServed: text(row, "modelServed"),
      provider,
      gateway: text(row, "gateway"),
      ...contentOf(row),
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: number(row, "costReportedUsd"),
      ...status,
      finishReason: text(row, "finishReason"),
      isStream: flag(row, "isStream"),
      cacheStatus: cacheOf(text(row, "cacheStatus")),
      feedbackScore: number(row, "feedbackScore"),
      serviceTier: text(row, "serviceTier"),
      isBatch: flag(row, "isBatch"),
      temperature: number(row, "temperature"),
      maxTokens: number(row, "maxTokens"),
      hasJsonSchema: flag(row, "hasJsonSchema"),
    },
  };
}

function quarantined(
  reason: "missing_time" | "bad_value" | "negative_tokens" | "cache_exceeds_input",
  detail: string,
): Mapped {
  return { kind: "quarantined", reason, detail };
}

/** In quotation marks, so that a reason can be told without the text where no text is kept. */
function quoted(value: unknown): string {
  const shown = printed(value).slice(0, 80);
  return typeof value === "number" ? shown : JSON.stringify(shown);
}

function badNumber(row: JsonRecord): string | null {
  for (const field of numberFields) {
    for (const name of columnNames[field]) {
      const value = row[name];
      if (
        value !== null &&
        value !== undefined &&
        value !== "" &&
        typeof value !== "object" &&
        asNumber(value) === null
      ) {
        return `${name} is ${quoted(value)}, not a number`;
      }
    }
  }
  return null;
}

const numberFields = [
  "attemptNo",
  "latencyMs",
  "ttftMs",
  "costReportedUsd",
  "feedbackScore",
  "temperature",
  "maxTokens",
  "inputTokens",
  "outputTokens",
] as const;

function text(row: JsonRecord, field: CanonicalField): string | null {
  const value = firstOf(row, columnNames[field]);
  return typeof value === "number" || typeof value === "bigint" ? String(value) : asString(value);
}

function number(row: JsonRecord, field: CanonicalField): number | null {
  return asNumber(firstOf(row, columnNames[field]));
}

/** Postgres writes t and f, Python True and False, spreadsheets TRUE and 1. */
function flag(row: JsonRecord, field: CanonicalField): boolean | null {
  const value = printed(firstOf(row, columnNames[field]) ?? "").toLowerCase();
  if (/^(true|t|yes|1)$/.test(value)) return true;
  return /^(false|f|no|0)$/.test(value) ? false : null;
}

function readUsage(
  row: JsonRecord,
  provider: string | null,
): { usage: NormalisedUsage | null; raw: unknown } {
  const own = readCanonicalUsage(row);
  if (own !== null) return { usage: own, raw: parseEmbedded(row.usage_json) ?? null };
  const object = asRecord(parseEmbedded(firstOf(row, ["usage", "usage_json"])));
  if (object !== null) return { usage: normaliseUsage(object, { provider }), raw: object };
  const input = number(row, "inputTokens");
  const output = number(row, "outputTokens");
  const total = number(row, "totalTokens");
  if (input === null && output === null) return { usage: null, raw: null };
  const raw = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: {
      cached_tokens: number(row, "cacheReadTokens"),
      cache_write_tokens: number(row, "cacheWriteTokens"),
    },
    completion_tokens_details: { reasoning_tokens: number(row, "reasoningTokens") },
  };
  return { usage: normaliseUsage(raw, { provider, convention: "inclusive" }), raw };
}

function contentOf(row: JsonRecord): Pick<RequestDraft, "prompt" | "promptState" | "tools" | "output"> {
  const listed = parseEmbedded(firstOf(row, columnNames.messages));
  const userText = firstOf(row, columnNames.userText);
  const history = asArray(parseEmbedded(row.history_json)) ?? [];
  const turns = asArray(listed) ?? (userText === undefined ? history : [...history, ...asTurns(userText)]);
  const read = readConversation({ messages: turns, tools: asArray(parseEmbedded(row.tools)) });
  const system = [text(row, "systemText"), read.system].filter((part) => part !== null).join("\n\n");
  const found = read.messages.length > 0 || system !== "";
  const state = asString(row.content_state);
  return {
    prompt: found ? { system: system === "" ? null : system, messages: read.messages } : null,
    promptState: !found ? "none" : state === "redacted" || state === "truncated" ? state : "full",
    tools: read.tools,
    output: outputOf(firstOf(row, columnNames.outputText)),
  };
}

/** A prompt is a text, or a conversation as JSON. */
function asTurns(prompt: unknown): unknown[] {
  const parsed = typeof prompt === "string" && /^\s*\[\s*\{/.test(prompt) ? parseEmbedded(prompt) : prompt;
  return asArray(parsed) ?? [{ role: "user", content: printed(parsed) }];
}

function outputOf(value: unknown): string | null {
  if (value === undefined || typeof value === "string") return asString(value);
  return answerText(readConversation([{ role: "assistant", content: value }]).messages) ?? toJson(value);
}

function cacheOf(status: string | null): RequestDraft["cacheStatus"] {
  const word = status?.toLowerCase().replace(/[ -]/g, "_");
  return word === "hit" || word === "semantic_hit" || word === "miss" ? word : null;
}
