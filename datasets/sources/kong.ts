import { canonicalProvider } from "../prices/provider-names.js";
import { firstUsage, hasOutput, isZeroUsage } from "./first-usage.js";
import { httpOutcome, readHttpStatus } from "./http-outcome.js";
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
} from "./json-access.js";
import { plausibleCostUsd } from "./plausible-cost.js";
import { readEndpoint } from "./provider/endpoint.js";
import { readExchange } from "./read-exchange.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type RequestDraft, type Source, unknownDraft } from "./source.js";
import { unwrapLogLine } from "./unwrap-log-line.js";

/** What Kong Gateway's log plugins (http-log, file-log, ...) write, with the statistics of its AI plugins under `ai`: `ai.proxy` since 3.11,
 * before that one object per plugin instance (`ai.ai-proxy`, `ai.ai-request-transformer`, ...). Requests to other services are skipped. */
export const kongSource: Source = {
  name: "kong",
  title: "Kong AI Gateway, log plugins",
  score: scoreLine,
  explode: explodeBatch,
  map: mapLog,
};

function scoreLine(line: unknown): number {
  const [first] = explodeBatch(line);
  const log = asRecord(first);
  if (log === null) return 0;
  const isKong = "started_at" in log && asRecord(log.latencies) !== null && asRecord(log.request) !== null;
  if (pluginsOf(log).length > 0) return isKong ? 1 : 0.8;
  return isKong && asRecord(log.response) !== null ? 0.6 : 0;
}

/** http-log with a batch size sends a list; shippers of file-log wrap each line. */
function explodeBatch(line: unknown): unknown[] {
  const batch = asArray(line);
  if (batch !== null && batch.length > 0) return batch;
  const isBare = asRecord(line)?.latencies !== undefined;
  return [isBare ? line : unwrapLogLine(line)];
}

function mapLog(value: unknown): Mapped {
  const log = asRecord(value);
  if (log === null || scoreLine(log) === 0)
    return {
      kind: "quarantined",
      reason: "unknown_schema",
      detail: "neither an `ai` object nor Kong's latencies",
    };
  const [main, ...others] = pluginsOf(log);
  const request = asRecord(log.request);
  const uri = asString(request?.uri) ?? asString(log.upstream_uri) ?? "";
  if (main === undefined)
    return {
      kind: "skipped",
      reason: "not_an_llm_call",
      detail: `no AI plugin took part in ${uri || "the request"}`,
    };
  const meta = asRecord(main.meta);
  const provider = canonicalProvider(firstString(meta, ["provider_name"]));
  const exchange = readExchange(
    asRecord(main.payload)?.request ?? asRecord(asRecord(log.ai)?.payload)?.request,
    asRecord(main.payload)?.response,
  );
  const { usage, raw } = firstUsage([
    { raw: spelledOut(asRecord(main.usage)), hint: { provider, convention: "inclusive" } },
    { raw: exchange.answer.usageRaw, hint: { provider } },
  ]);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const httpStatus = readHttpStatus(asRecord(log.response)?.status ?? log.upstream_status);
  const isCounted = usage !== null && !((httpStatus ?? 200) >= 400 && isZeroUsage(usage));
  const counts = isCounted ? usage.usage : null;
  const cacheStatus = cacheOf(asRecord(log.ai));
  const path = [uri, asString(log.upstream_uri) ?? ""].map((text) => text.split("?")[0]!);
  const endpoint = path.map(readEndpoint).find(({ kind }) => kind === "llm");
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      ...exchange.content,
      ...identityOf(log),
      attemptNo: asArray(main.tried_targets)?.length || null,
      endpoint: endpoint?.kind === "llm" ? endpoint.endpoint : null,
      createdAt: readTimestamp(log.started_at),
      latencyMs: asNumber(asRecord(log.latencies)?.request) ?? asNumber(meta?.llm_latency),
      ttftMs: firstNumber(asRecord(main.usage), ["time_to_first_token"]),
      modelRequested: firstString(meta, ["request_model"]) ?? firstString(exchange.request, ["model"]),
      modelServed: firstString(meta, ["response_model"]) ?? exchange.answer.model,
      provider,
      gateway: "kong",
      usage: counts,
      usageRaw: isCounted ? raw : null,
      otherUsage: otherUsageOf(others),
      costReportedUsd: plausibleCostUsd(firstNumber(asRecord(main.usage), ["cost"]), {
        usage: counts,
        cacheStatus,
      }),
      ...httpOutcome({
        httpStatus,
        isPartial: isCounted && hasOutput(usage),
        words: [exchange.answer.error],
      }),
      isStream: modeOf(meta) ?? exchange.isStream,
      cacheStatus,
      feedbackScore: judgedScore(main),
    },
  };
}

/** The AI plugins that called a model, the proxy first. Some log themselves inside the proxy's object. */
function pluginsOf(log: JsonRecord): JsonRecord[] {
  const outer = Object.entries(asRecord(log.ai) ?? {});
  const inner = outer.flatMap(([name, plugin]) =>
    isProxy(name) ? Object.entries(asRecord(plugin) ?? {}).filter(([part]) => !OWN_PARTS.has(part)) : [],
  );
  const called = [...outer, ...inner].flatMap(([name, value]) => {
    const plugin = asRecord(value);
    return plugin !== null && (asRecord(plugin.usage) !== null || asRecord(plugin.meta) !== null)
      ? [{ name, plugin }]
      : [];
  });
  return called.sort((a, b) => Number(isProxy(b.name)) - Number(isProxy(a.name))).map(({ plugin }) => plugin);
}

const OWN_PARTS = new Set(["usage", "meta", "payload", "cache"]);

function isProxy(name: string): boolean {
  return /^(ai-)?proxy(-advanced)?$/.test(name);
}

/** Before 3.11 the counts were singular: prompt_token, completion_token. */
function spelledOut(usage: JsonRecord | null): JsonRecord | null {
  if (usage === null) return null;
  const { prompt_token: prompt, completion_token: completion, ...rest } = usage;
  return {
    ...(prompt !== undefined && { prompt_tokens: prompt }),
    ...(completion !== undefined && { completion_tokens: completion }),
    ...rest,
  };
}

/** Transformers, guards and the like call models of their own beside the proxied one. */
function otherUsageOf(plugins: readonly JsonRecord[]): RequestDraft["otherUsage"] {
  const other = plugins.flatMap((plugin) => {
    const meta = asRecord(plugin.meta);
    const model = firstString(meta, ["response_model", "request_model"]);
    const provider = canonicalProvider(firstString(meta, ["provider_name"]));
    const { usage } = firstUsage([{ raw: spelledOut(asRecord(plugin.usage)), hint: { provider } }]);
    return model !== null && usage !== null && "usage" in usage && !isZeroUsage(usage)
      ? [{ model, usage: usage.usage }]
      : [];
  });
  return other.length > 0 ? other : null;
}

function identityOf(log: JsonRecord): Pick<RequestDraft, "id" | "app" | "tenant" | "apiKey"> {
  const consumer = asRecord(log.consumer);
  const groups = asArray(log.consumer_groups);
  return {
    id: firstString(asRecord(log.request), ["id"]) ?? firstString(log, ["correlation_id"]),
    app:
      firstString(consumer, ["username", "custom_id", "id"]) ??
      firstString(asRecord(log.service), ["name"]) ??
      firstString(asRecord(log.route), ["name"]),
    tenant: firstString(asRecord(groups?.[0]), ["name"]) ?? firstString(log, ["workspace_name"]),
    apiKey: firstString(asRecord(log.authenticated_entity), ["id"]),
  };
}

function modeOf(meta: JsonRecord | null): boolean | null {
  const mode = firstString(meta, ["request_mode"]);
  return mode === "stream" ? true : mode === "oneshot" ? false : null;
}

/** The judge plugin gives 1 to 100 points. */
function judgedScore(main: JsonRecord): number | null {
  const judge = asRecord(asRecord(main["ai-llm-as-judge"])?.usage) ?? asRecord(main.usage);
  const points = asNumber(judge?.llm_accuracy);
  return points !== null && points >= 0 && points <= 100 ? points / 100 : null;
}

/** Hit, Miss, Bypass or Refresh, under whichever plugin did the caching; an embedding model shows that the hit was semantic. */
function cacheOf(ai: JsonRecord | null): RequestDraft["cacheStatus"] {
  const caches = [ai, ...asRecords(Object.values(ai ?? {}))].map((plugin) => asRecord(plugin?.cache));
  const cache = caches.find((found) => found !== null) ?? null;
  const status = asText(firstOf(cache, ["cache_status"])).toLowerCase();
  if (status === "hit") return "embeddings_model" in (cache ?? {}) ? "semantic_hit" : "hit";
  return status === "miss" || status === "refresh" ? "miss" : null;
}
