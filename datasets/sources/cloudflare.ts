import { canonicalProvider } from "../prices/provider-names.js";
import { rowsOfPage } from "./api-page.js";
import { readCallerLabels } from "./caller-labels.js";
import { firstUsage, hasOutput, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
import {
  asNumber,
  asRecord,
  asString,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
} from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { readEndpoint } from "./provider/endpoint.js";
import { readExchange } from "./read-exchange.js";
import { readFlag } from "./read-flag.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type Source, unknownDraft } from "./source.js";

/** Logs of Cloudflare's AI Gateway as its API pages them: counts, cost (USD), duration (ms) and the step of a fallback, but no bodies; the detail
 * call adds the beginning of both bodies. Counts are null on failure. */
export const cloudflareSource: Source = {
  name: "cloudflare",
  title: "Cloudflare AI Gateway, logs API",
  score: scoreLine,
  explode: explodePages,
  map: mapLog,
};

function scoreLine(line: unknown): number {
  const [first] = explodePages(line);
  const log = asRecord(first);
  if (log === null || !["provider", "model"].every((name) => name in log)) return 0;
  if (!("tokens_in" in log && "tokens_out" in log)) return 0;
  const own = OWN_FIELDS.filter((name) => name in log).length;
  return own >= 4 ? 1 : own === 3 ? 0.7 : 0;
}

/** Everyday names one by one: only several together are Cloudflare's. */
const OWN_FIELDS = [
  "cached",
  "duration",
  "path",
  "success",
  "step",
  "status_code",
  "custom_cost",
  "model_type",
  "request_type",
  "request_content_type",
];

/** {result: [...], result_info, success}, or one log of the detail call. */
function explodePages(line: unknown): unknown[] {
  return rowsOfPage(line, { lists: ["result", "logs"], isRow: (log) => "provider" in log });
}

function mapLog(record: unknown): Mapped {
  const log = asRecord(record);
  if (log === null || !("provider" in log && "model" in log))
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "no provider and model: not a log of Cloudflare's AI Gateway",
    };
  const path = `/${asString(log.path)?.replace(/^\/+/, "") ?? ""}`.split("?")[0]!;
  const endpoint = readEndpoint(path);
  if (endpoint.kind === "other")
    return { kind: "skipped", reason: "not_an_llm_call", detail: `${endpoint.what}: ${path}` };
  const provider = cloudflareProvider(asString(log.provider));
  const exchange = readExchange(
    firstOf(log, ["request", "request_body", "request_head"]),
    firstOf(log, ["response", "response_body", "response_head"]),
  );
  const { usage, raw } = firstUsage([
    { raw: exchange.answer.usageRaw, hint: { provider } },
    { raw: countsOf(log), hint: { provider, convention: "inclusive" } },
  ]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const isSuccess = readFlag(log.success);
  const isCounted = usage !== null && !(isSuccess === false && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const isCached = readFlag(log.cached);
  const cacheStatus = isCached === null ? null : isCached ? "hit" : "miss";
  const labels = readCallerLabels(asRecord(parseEmbedded(log.metadata)));
  const step = asNumber(log.step);
  const model = asString(log.model);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...labels,
      ...exchange.content,
      id: firstString(log, ["id"]),
      attemptNo: step !== null && step >= 0 ? 1 + Math.trunc(step) : null,
      logicalId: firstString(log, ["event_id"]),
      endpoint: endpoint.kind === "llm" ? endpoint.endpoint : null,
      createdAt: readTimestamp(log.created_at),
      latencyMs: asNumber(log.duration),
      modelRequested: firstString(exchange.request, ["model"]) ?? model,
      modelServed: exchange.answer.model ?? model,
      provider,
      gateway: "cloudflare",
      usage: counts,
      usageRaw: isCounted ? raw : null,
      costReportedUsd: plausibleCostUsd(asNumber(log.cost), { usage: counts, cacheStatus }),
      ...httpOutcome({
        httpStatus: readHttpStatus(log.status_code),
        hasFailed: isSuccess === null ? null : !isSuccess,
        isPartial: hasOutput(usage),
        words: [exchange.answer.error],
      }),
      isStream: exchange.isStream ?? streamOf(asString(log.response_content_type)),
      cacheStatus,
      feedbackScore: feedbackOf(log),
    },
  };
}

/** genai-prices provider id of Cloudflare's own names for providers; null for its provider-neutral endpoints. */
export function cloudflareProvider(name: string | null): string | null {
  if (name === null) return null;
  const lower = name.toLowerCase();
  if (lower === "compat" || lower === "universal" || lower === "dynamic") return null;
  return PROVIDERS.get(lower) ?? canonicalProvider(lower);
}

const PROVIDERS = new Map(
  Object.entries({
    "google-ai-studio": "google",
    "google-vertex-ai": "google",
    "aws-bedrock": "aws",
    "azure-openai": "azure",
    grok: "x-ai",
    "perplexity-ai": "perplexity",
  }),
);

function countsOf(log: JsonRecord): JsonRecord {
  return { input_tokens: log.tokens_in, output_tokens: log.tokens_out };
}

function streamOf(contentType: string | null): boolean | null {
  if (contentType === null) return null;
  return /event-stream/.test(contentType);
}

/** A thumb, patched onto the log: 1 or -1. */
function feedbackOf(log: JsonRecord): number | null {
  const feedback = asNumber(log.feedback);
  return feedback === 1 ? 1 : feedback === -1 ? 0 : null;
}
