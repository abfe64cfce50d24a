import { canonicalProvider, providerOfUrl } from "../prices/provider-names.js";
import { rowsOfPage } from "./api-page.js";
import { readCallerLabels } from "./caller-labels.js";
import { hasOutput, isZeroUsage } from "./first-usage.js";
import { readHeliconeUsage } from "./helicone/read-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import {
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { modelOfPath, readEndpoint } from "./provider/endpoint.js";
import { type Exchange, readExchange } from "./read-exchange.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Helicone's requests: the export tool's JSONL, JSON and CSV, the API's pages, rows of its ClickHouse table. `costUSD` and a fractional
 * `cost` are USD, a whole `cost` is billionths of it. */
export const heliconeSource: Source = {
  name: "helicone",
  title: "Helicone, request export",
  score: scoreLine,
  explode: explodePages,
  map: mapRow,
};

function scoreLine(line: unknown): number {
  const [first] = explodePages(line);
  const row = asRecord(first);
  if (row === null || !("request_created_at" in row)) return 0;
  const own = OWN_COLUMNS.filter((name) => name in row).length;
  return own >= 2 ? 1 : own === 1 ? 0.7 : 0;
}

const OWN_COLUMNS = [
  "request_id",
  "response_id",
  "response_created_at",
  "response_status",
  "request_properties",
  "request_user_id",
  "delay_ms",
  "costUSD",
  "helicone_user",
];

function explodePages(line: unknown): unknown[] {
  return rowsOfPage(line, { lists: ["data"], isRow: (row) => "request_created_at" in row });
}

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null || !("request_created_at" in row))
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no request_created_at: not a Helicone request",
    };
  const path = firstString(row, ["request_path", "target_url"]) ?? "";
  const endpoint = readEndpoint(path.split("?")[0]!);
  if (endpoint.kind === "other")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `${endpoint.what}: ${path}` };
  const code = firstNumber(row, ["response_status", "status"]);
  if (code === PENDING)
    return { kind: "skipped", reason: "unfinished_record", detail: "the response was pending at export" };
  const provider = canonicalProvider(asString(row.provider)) ?? providerOfUrl(path);
  const exchange = readExchange(bodyOf(row.request_body), bodyOf(row.response_body));
  const { usage, raw } = readHeliconeUsage(row, exchange, provider);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  if (code === null && "response_status" in row && usage === null && !exchange.answer.isAnswer)
    return { kind: "skipped", reason: "unfinished_record", detail: "a request without a response" };
  const outcome = outcomeOf(code, exchange.answer.error, hasOutput(usage));
  const isCounted = usage !== null && !(outcome.status !== "ok" && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const cacheStatus = isCacheHit(row) ? ("hit" as const) : null;
  const createdAt = readTimestamp(row.request_created_at);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...exchange.content,
      ...identityOf(row, exchange),
      endpoint: endpoint.kind === "llm" ? endpoint.endpoint : null,
      createdAt,
      updatedAt: readTimestamp(row.updated_at),
      latencyMs: latencyOf(row, createdAt),
      ttftMs: asNumber(row.time_to_first_token),
      ...modelsOf(row, exchange, path),
      provider,
      gateway: "helicone",
      usage: counts,
      usageRaw: isCounted ? raw : null,
      costReportedUsd: plausibleCostUsd(costOf(row), { usage: counts, cacheStatus }),
      ...outcome,
      isStream: exchange.isStream,
      cacheStatus,
      feedbackScore: feedbackOf(row),
    },
  };
}

// Helicone writes its own outcomes below zero.
const TIMEOUT = -1;
const PENDING = -2;
const CANCELLED = -3;
const BLOCKED = -4;

function outcomeOf(
  code: number | null,
  error: string | null,
  isPartial: boolean,
): Pick<RequestDraft, "status" | "httpStatus" | "errorClass"> {
  if (code === CANCELLED) return { status: "cancelled", httpStatus: null, errorClass: null };
  if (code === TIMEOUT) return { status: "error", httpStatus: null, errorClass: "timeout" };
  if (code === BLOCKED) return { status: "error", httpStatus: null, errorClass: "content_filter" };
  return httpOutcome({ httpStatus: readHttpStatus(code), isPartial, words: [error] });
}

/** In place of a body that lies in object storage stands a note. */
function bodyOf(value: unknown): unknown {
  const body = parseEmbedded(value);
  return "helicone_message" in (asRecord(body) ?? {}) ? null : value;
}

function identityOf(
  row: JsonRecord,
  { request }: Exchange,
): Pick<RequestDraft, "id" | "user" | "app" | "tenant" | "sessionId"> {
  const labels = readCallerLabels(
    asRecord(parseEmbedded(row.request_properties)),
    asRecord(parseEmbedded(row.properties)),
  );
  return {
    ...labels,
    id: firstString(row, ["request_id"]),
    user: firstString(row, ["request_user_id", "user_id"]) ?? labels.user ?? firstString(request, ["user"]),
  };
}

function modelsOf(
  row: JsonRecord,
  { request, answer }: Exchange,
  path: string,
): Pick<RequestDraft, "modelRequested" | "modelServed"> {
  const asked =
    firstString(request, ["model"]) ?? firstString(row, ["request_model", "model"]) ?? modelOfPath(path);
  const answered = firstString(row, ["response_model"]) ?? answer.model;
  return {
    modelRequested: asked,
    // The override is what the user told Helicone to price by.
    modelServed: firstString(row, ["model_override"]) ?? answered ?? firstString(row, ["model"]),
  };
}

/** In the ClickHouse table a cost is a whole number of billionths of a dollar.
 * @see COST_PRECISION_MULTIPLIER in Helicone's cost package */
function costOf(row: JsonRecord): number | null {
  const usd = asNumber(row.costUSD);
  if (usd !== null) return usd;
  const cost = firstNumber(row, ["cost_usd", "cost"]);
  return cost !== null && Number.isInteger(cost) ? cost / 1e9 : cost;
}

/** `delay_ms`; `latency` is milliseconds in the table, and of no stated unit in CSV, where the two times are beside it. */
function latencyOf(row: JsonRecord, createdAt: number | null): number | null {
  const delay = asNumber(row.delay_ms);
  if (delay !== null) return delay;
  const answeredAt = readTimestamp(row.response_created_at);
  if (createdAt !== null && answeredAt !== null && answeredAt >= createdAt)
    return (answeredAt - createdAt) / 1000;
  return asNumber(row.latency);
}

function isCacheHit(row: JsonRecord): boolean {
  const reference = asString(row.cache_reference_id);
  return reference !== null && !/^[0-]+$/.test(reference) && reference !== row.request_id;
}

/** Helicone's own feedback score (0 or 1), or the thumb. */
function feedbackOf(row: JsonRecord): number | null {
  const scores = asRecord(parseEmbedded(row.scores));
  const given = firstOf(scores, ["helicone-score-feedback"]);
  const rating = readFlag(asRecord(given)?.value ?? given ?? row.feedback_rating);
  return rating === null ? null : Number(rating);
}
