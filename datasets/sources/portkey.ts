import { canonicalProvider, providerOfUrl } from "../prices/provider-names.js";
import { rowsOfPage } from "./api-page.js";
import { readCallerLabels } from "./caller-labels.js";
import { firstUsage, hasOutput, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  asText,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { readEndpoint } from "./provider/endpoint.js";
import { type Exchange, readExchange } from "./read-exchange.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";

/** Portkey's log export (in-app or API, JSONL or CSV, columns chosen by the user). Its cost is in US cents. Bodies and metadata come
 * nested or under dotted column names; metadata as parallel lists of keys and values. */
export const portkeySource: Source = {
  name: "portkey",
  title: "Portkey AI gateway, log export",
  score: scoreLine,
  explode: explodePages,
  map: mapRow,
};

function scoreLine(line: unknown): number {
  const [first] = explodePages(line);
  const row = asRecord(first);
  if (row === null || !("ai_model" in row || "ai_org" in row)) return 0;
  const own = OWN_COLUMNS.filter((name) => name in row).length;
  return own >= 2 ? 1 : own === 1 ? 0.8 : 0.3;
}

const OWN_COLUMNS = [
  "ai_org",
  "req_units",
  "res_units",
  "total_units",
  "is_success",
  "cache_status",
  "retry_success_count",
  "stream_mode",
  "cost_currency",
  "virtual_key",
  "response_status_code",
  "metadata.key",
];

/** The API pages its rows. */
function explodePages(line: unknown): unknown[] {
  return rowsOfPage(line, { lists: ["data", "logs"], isRow: (row) => "ai_model" in row });
}

function mapRow(record: unknown): Mapped {
  const row = asRecord(record);
  if (row === null || !("ai_model" in row || "ai_org" in row))
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no ai_model: not a row of Portkey's log export",
    };
  const url = firstString(row, ["request_url", "request.url"]) ?? "";
  const endpoint = readEndpoint(url.split("?")[0]!);
  if (endpoint.kind === "other")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `${endpoint.what}: ${url}` };
  const provider = canonicalProvider(asString(row.ai_org)) ?? providerOfUrl(url);
  const exchange = readExchange(bodyOf(row, "request"), bodyOf(row, "response"));
  const { usage, raw } = usageOf(row, exchange, provider);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const httpStatus = readHttpStatus(row.response_status_code);
  const isSuccess = readFlag(row.is_success);
  const hasFailed = isSuccess === null ? null : !isSuccess;
  const isCounted = usage !== null && !(hasFailed === true && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const labels = readCallerLabels(metadataOf(row));
  const cacheStatus = cacheOf(asText(row.cache_status));
  const retries = asNumber(row.retry_success_count);
  const model = firstString(row, ["ai_model"]);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...labels,
      ...exchange.content,
      id: firstString(row, ["id", "log_id"]),
      attemptNo: retries !== null && retries > 0 ? 1 + Math.trunc(retries) : null,
      sessionId: labels.sessionId ?? firstString(row, ["trace_id"]),
      tenant: labels.tenant ?? firstString(row, ["workspace_slug", "organisation_id"]),
      app: labels.app ?? firstString(row, ["prompt_slug"]),
      apiKey: firstString(row, ["virtual_key", "api_key_name"]),
      endpoint: endpoint.kind === "llm" ? endpoint.endpoint : null,
      createdAt: readTimestamp(row.created_at),
      latencyMs: asNumber(row.response_time),
      ttftMs: asNumber(row.time_to_first_token),
      modelRequested: firstString(exchange.request, ["model"]) ?? model,
      modelServed: exchange.answer.model ?? model,
      provider,
      gateway: "portkey",
      usage: counts,
      usageRaw: isCounted ? raw : null,
      costReportedUsd: plausibleCostUsd(costOf(row), { usage: counts, cacheStatus }),
      ...httpOutcome({
        httpStatus,
        hasFailed,
        isPartial: isCounted && hasOutput(usage),
        words: [exchange.answer.error],
      }),
      isStream: readFlag(row.stream_mode) ?? exchange.isStream,
      cacheStatus,
    },
  };
}

/** `request: {body}` in JSON, `request.body` in columns; the whole of `request` where the export took it as one. */
function bodyOf(row: JsonRecord, side: "request" | "response"): unknown {
  const whole = parseEmbedded(row[side]);
  const record = asRecord(whole);
  return row[`${side}.body`] ?? (record !== null && "body" in record ? record.body : whole);
}

/** The provider's own usage says more (cache, reasoning) than the units; but units without a body are all there is. */
function usageOf(
  row: JsonRecord,
  { answer }: Exchange,
  provider: string | null,
): ReturnType<typeof firstUsage> {
  return firstUsage([
    { raw: answer.usageRaw, hint: { provider } },
    {
      raw: {
        prompt_tokens: row.req_units,
        completion_tokens: row.res_units,
        total_tokens: row.total_units,
      },
      hint: { provider, convention: "inclusive" },
    },
  ]);
}

/** Cents to USD; another currency is no USD figure. */
function costOf(row: JsonRecord): number | null {
  const cents = asNumber(row.cost);
  const currency = asString(row.cost_currency) ?? "USD";
  return cents === null || currency.toUpperCase() !== "USD" ? null : cents / 100;
}

function metadataOf(row: JsonRecord): JsonRecord | null {
  const metadata = asRecord(parseEmbedded(row.metadata));
  const keys = asArray(parseEmbedded(row["metadata.key"] ?? metadata?.key));
  const values = asArray(parseEmbedded(row["metadata.value"] ?? metadata?.value));
  if (keys === null || values === null) return metadata;
  return Object.fromEntries(keys.map((key, i) => [asText(key), values[i]]));
}

function cacheOf(status: string): RequestDraft["cacheStatus"] {
  const word = status.toUpperCase().replace(/[^A-Z]/g, "");
  if (word === "HIT") return "hit";
  if (word === "SEMANTICHIT") return "semantic_hit";
  return word === "MISS" || word === "SEMANTICMISS" || word === "REFRESH" ? "miss" : null;
}
