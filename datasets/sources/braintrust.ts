import { canonicalProvider } from "../prices/provider-names.js";
import { type NormalisedUsage, normaliseUsage } from "../tokens/normalise-usage.js";
import { classifyError } from "./error-class.js";
import { finishReason } from "./finish-reason.js";
import {
  asArray,
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstOf,
  firstString,
  type JsonRecord,
  parseEmbedded,
  printed,
} from "./json-access.js";
import { LeafReader } from "./leaf-reader.js";
import { readLoggedContent } from "./logged-content.js";
import { readTimestamp } from "./read-time.js";
import { type Mapped, type Source, unknownDraft } from "./source.js";

/** Spans of Braintrust's project logs and experiments, from its API, BTQL or an export (in CSV every object is JSON text). Only
 * spans of type llm are calls. Its prompt_tokens count cache reads and writes, for Anthropic too; early SDKs left them out. */
export const braintrustSource: Source = {
  name: "braintrust",
  title: "Braintrust spans (project logs, experiments)",
  score: scoreLine,
  explode: explodeLine,
  map: mapSpan,
  open: () => new LeafReader({ map: mapSpan, place: placeOf }),
};

function scoreLine(line: unknown): number {
  const record = asRecord(explodeLine(line)[0]);
  if (record === null || !("span_attributes" in record)) return 0;
  const marks = ["root_span_id", "span_id", "span_parents", "metrics", "_xact_id", "log_id"].filter(
    (name) => name in record,
  );
  return marks.length >= 2 ? 1 : marks.length === 1 ? 0.6 : 0;
}

/** The API answers {events: [...]}, BTQL {data: [...]}. */
function explodeLine(line: unknown): unknown[] {
  const record = asRecord(line);
  if (record === null || "span_attributes" in record) return [line];
  const rows = asArray(record.events) ?? asArray(record.data);
  return rows?.some((row) => "span_attributes" in (asRecord(row) ?? {})) ? rows : [line];
}

function placeOf(value: unknown): { id: string; parentId: string | null } | null {
  const record = asRecord(value);
  const id = firstString(record, ["span_id", "id"]);
  const parentId = asString(asArray(parseEmbedded(record?.span_parents))?.[0]);
  return id === null ? null : { id, parentId };
}

function mapSpan(value: unknown): Mapped {
  const record = asRecord(value);
  const kind = asRecord(parseEmbedded(record?.span_attributes));
  if (record === null || kind === null)
    return { kind: "quarantined", reason: "unknown_schema", detail: "no span: it has no span_attributes" };
  if (kind.type !== "llm")
    return {
      kind: "skipped",
      reason: "not_an_llm_call",
      detail: `span of type ${asString(kind.type) ?? "unknown"}`,
    };
  const metrics = asRecord(parseEmbedded(record.metrics)) ?? {};
  const metadata = asRecord(parseEmbedded(record.metadata)) ?? {};
  const { usage, raw } = usageOf(metrics);
  if (usage !== null && "error" in usage)
    return { kind: "quarantined", reason: usage.error, detail: usage.detail };
  const error = parseEmbedded(record.error);
  const isFailed = error !== null && error !== undefined && error !== "";
  const createdAt = readTimestamp(firstOf(metrics, ["start"]) ?? record.created);
  const end = readTimestamp(metrics.end);
  const seconds = firstNumber(metrics, ["time_to_first_token"]);
  const model = firstString(metadata, ["model"]);
  const choice = asRecord(asArray(parseEmbedded(record.output))?.[0]);
  return {
    kind: "row",
    draft: {
      ...unknownDraft,
      id: firstString(record, ["id", "span_id"]),
      sessionId:
        firstString(metadata, ["session_id", "sessionId", "thread_id"]) ??
        firstString(record, ["root_span_id"]),
      user: firstString(metadata, ["user_id", "userId", "user"]),
      app:
        firstString(metadata, ["app", "service"]) ??
        firstString(record, ["project_name"]) ??
        asString(kind.name),
      endpoint: "chat",
      createdAt,
      latencyMs: createdAt !== null && end !== null ? (end - createdAt) / 1000 : null,
      ttftMs: seconds === null ? null : seconds * 1000,
      modelRequested: model,
      modelServed: model,
      provider: canonicalProvider(firstString(metadata, ["provider"])),
      ...readLoggedContent({ input: record.input, output: choices(record.output), settings: metadata }),
      usage: usage?.usage ?? null,
      usageRaw: raw,
      costReportedUsd: firstNumber(metrics, ["estimated_cost"]),
      status: isFailed ? "error" : "ok",
      errorClass: isFailed ? classifyError(null, printed(error)) : null,
      finishReason: finishReason(firstString(choice, ["finish_reason"])),
      cacheStatus: asNumber(metrics.cached) === 1 ? "hit" : null,
      serviceTier: firstString(metadata, ["service_tier", "usage_service_tier"]),
    },
  };
}

function usageOf(metrics: JsonRecord): { usage: NormalisedUsage | null; raw: unknown } {
  const named = Object.entries(metrics).filter(([name]) => /tokens$/.test(name));
  const input = firstNumber(metrics, ["prompt_tokens"]);
  const output = firstNumber(metrics, ["completion_tokens"]);
  if (input === null && output === null) return { usage: null, raw: null };
  const write5m = firstNumber(metrics, ["prompt_cache_creation_5m_tokens"]);
  const write1h = firstNumber(metrics, ["prompt_cache_creation_1h_tokens"]);
  const counts = {
    prompt_tokens: input,
    completion_tokens: output,
    prompt_tokens_details: {
      cached_tokens: firstNumber(metrics, ["prompt_cached_tokens"]),
      cache_write_tokens:
        firstNumber(metrics, ["prompt_cache_creation_tokens"]) ?? (write5m ?? 0) + (write1h ?? 0),
      ephemeral_5m_input_tokens: write5m,
      ephemeral_1h_input_tokens: write1h,
      audio_tokens: firstNumber(metrics, ["prompt_audio_tokens"]),
    },
    completion_tokens_details: {
      reasoning_tokens: firstNumber(metrics, ["completion_reasoning_tokens"]),
      audio_tokens: firstNumber(metrics, ["completion_audio_tokens"]),
    },
  };
  const raw = Object.fromEntries(named);
  const usage = normaliseUsage(counts, { convention: "inclusive" });
  if (usage === null || !("error" in usage) || usage.error !== "cache_exceeds_input") return { usage, raw };
  return { usage: normaliseUsage(counts, { convention: "exclusive" }), raw };
}

/** OpenAI's choices are logged without the answer around them. */
function choices(output: unknown): unknown {
  const parsed = parseEmbedded(output);
  const list = asArray(parsed);
  return list?.some((item) => asRecord(asRecord(item)?.message) !== null) ? { choices: list } : parsed;
}
