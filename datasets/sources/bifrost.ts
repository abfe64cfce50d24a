import { canonicalProvider } from "../prices/provider-names.js";
import { rowsOfPage } from "./api-page.js";
import { bifrostRequest, bifrostResponse } from "./bifrost/bodies.js";
import { readCallerLabels } from "./caller-labels.js";
import { firstUsage, hasOutput, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import {
  asNumber,
  asRecord,
  asString,
  asText,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { readExchange } from "./read-exchange.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Bifrost's log store: rows of its SQLite or Postgres table `logs` (JSON columns as text) or pages of its API. A fallback is a row of its own
 * that names the request it stands in for. Input counts include the cache, for Anthropic too. */
export const bifrostSource: Source = {
  name: "bifrost",
  title: "Bifrost gateway, logs table or API",
  score: scoreLine,
  explode: explodePages,
  map: mapRow,
};

function scoreLine(line: unknown): number {
  const [first] = explodePages(line);
  const row = asRecord(first);
  if (row === null || !("model" in row && "provider" in row)) return 0;
  const own = OWN_COLUMNS.filter((name) => name in row).length;
  return own >= 3 ? 1 : own === 2 ? 0.8 : 0;
}

const OWN_COLUMNS = [
  "fallback_index",
  "number_of_retries",
  "selected_key_id",
  "virtual_key_id",
  "parent_request_id",
  "token_usage",
  "input_history",
  "output_message",
  "routing_rule_id",
  "cache_debug",
];

function explodePages(line: unknown): unknown[] {
  return rowsOfPage(line, { lists: ["logs", "data"], isRow: (row) => "provider" in row });
}

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null || scoreLine(row) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no fallback_index or token_usage: not a Bifrost log",
    };
  const word = asText(row.status).toLowerCase();
  if (word === "processing" || word === "pending")
    return { kind: "skipped", reason: "unfinished_record", detail: `status is ${word}` };
  const object = (firstString(row, ["object", "object_type"]) ?? "").toLowerCase();
  if (NOT_LLM.test(object))
    return { kind: "skipped", reason: "not_an_llm_call", detail: `object is ${object}` };
  const provider = canonicalProvider(asString(row.provider));
  const exchange = readExchange(bifrostRequest(row), bifrostResponse(row));
  const { usage, raw } = firstUsage([
    { raw: withOpenAiNames(row), hint: { provider, convention: "inclusive" } },
    { raw: columnsOf(row), hint: { provider, convention: "inclusive" } },
  ]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const details = asRecord(parseEmbedded(row.error_details));
  const httpStatus = readHttpStatus(details?.status_code);
  const hasFailed = word === "error" || (word === "" && details !== null);
  const isCounted = usage !== null && !(hasFailed && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const cacheStatus = cacheOf(asRecord(parseEmbedded(row.cache_debug)));
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...exchange.content,
      ...identityOf(row),
      endpoint: endpointOf(object),
      createdAt: readTimestamp(row.timestamp) ?? readTimestamp(row.created_at),
      latencyMs: asNumber(row.latency),
      modelRequested: firstString(row, ["alias", "model"]),
      modelServed: firstString(row, ["model"]),
      provider,
      gateway: "bifrost",
      usage: counts,
      usageRaw: isCounted ? (parseEmbedded(row.token_usage) ?? raw) : null,
      costReportedUsd: plausibleCostUsd(asNumber(row.cost), { usage: counts, cacheStatus }),
      ...httpOutcome({
        httpStatus,
        hasFailed,
        isPartial: isCounted && hasOutput(usage),
        words: errorWords(details),
      }),
      isStream: readFlag(row.stream) ?? exchange.isStream,
      cacheStatus,
    },
  };
}

const NOT_LLM =
  /image|speech|audio|transcription|video|rerank|ocr|moderation|list_?models|count_?tokens|file|batch|container|mcp|websocket|realtime/;

/** Bifrost calls the cache parts of the prompt cached_read_tokens and cached_write_tokens. */
function withOpenAiNames(row: JsonRecord): JsonRecord | null {
  const usage = asRecord(parseEmbedded(row.token_usage));
  const details = asRecord(usage?.prompt_tokens_details);
  if (usage === null || details === null) return usage;
  return {
    ...usage,
    prompt_tokens_details: {
      ...details,
      cached_tokens: details.cached_tokens ?? details.cached_read_tokens,
      cache_write_tokens: details.cache_write_tokens ?? details.cached_write_tokens,
    },
  };
}

/** The table repeats the counts in columns of their own, 0 where there are none. */
function columnsOf(row: JsonRecord): JsonRecord | null {
  if (!asNumber(row.prompt_tokens) && !asNumber(row.completion_tokens)) return null;
  return {
    prompt_tokens: row.prompt_tokens,
    completion_tokens: row.completion_tokens,
    total_tokens: row.total_tokens,
    prompt_tokens_details: { cached_tokens: row.cached_read_tokens },
  };
}

function identityOf(
  row: JsonRecord,
): Pick<RequestDraft, "id" | "attemptNo" | "logicalId" | "sessionId" | "tenant" | "user" | "app" | "apiKey"> {
  const labels = readCallerLabels(asRecord(parseEmbedded(row.metadata)));
  const fallback = Math.max(0, asNumber(row.fallback_index) ?? 0);
  const retries = Math.max(0, asNumber(row.number_of_retries) ?? 0);
  const parent = firstString(row, ["parent_request_id"]);
  return {
    id: firstString(row, ["id"]),
    attemptNo: 1 + Math.trunc(fallback) + Math.trunc(retries),
    // Without a fallback the parent is what the caller groups requests by.
    logicalId: fallback > 0 ? parent : null,
    sessionId: labels.sessionId ?? (fallback > 0 ? null : parent),
    tenant:
      labels.tenant ??
      firstString(row, ["team_name", "customer_name", "business_unit_name", "team_id", "customer_id"]),
    user: labels.user ?? firstString(row, ["user_id", "user_name"]),
    app: labels.app ?? firstString(row, ["selected_prompt_name"]),
    apiKey: firstString(row, ["virtual_key_name", "virtual_key_id", "selected_key_name", "selected_key_id"]),
  };
}

function endpointOf(object: string): string | null {
  if (/chat/.test(object)) return "chat";
  if (/response/.test(object)) return "responses";
  if (/embedding|^list$/.test(object)) return "embeddings";
  return /text/.test(object) ? "completions" : object || null;
}

function errorWords(details: JsonRecord | null): Array<string | null> {
  const error = asRecord(details?.error);
  return [
    firstString(details, ["type"]),
    firstString(error, ["type"]),
    firstString(error, ["code"]),
    firstString(error, ["message"]),
  ];
}

function cacheOf(debug: JsonRecord | null): RequestDraft["cacheStatus"] {
  const isHit = readFlag(debug?.cache_hit);
  if (isHit === null) return null;
  if (!isHit) return "miss";
  return /semantic/i.test(asText(debug?.hit_type)) ? "semantic_hit" : "hit";
}
