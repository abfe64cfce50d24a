import type { Decision } from "../router/decision.js";

/** Version of the decision log's records. */
export const DECISION_RECORD_VERSION = 2;

/** Numbers of a provider's usage object, under the provider's own names; the token conventions differ by provider and are
 * normalised when the log is read. */
export type RecordedUsage = { [name: string]: number | RecordedUsage };

/** One line of the decision log. It holds no content: no prompt, no answer, no raw session id. */
export interface DecisionRecord {
  v: number;
  ts: string;
  request_id: string;
  session_hash: string | null;
  bucket: number;
  shadow_sampled: boolean;
  artifact: string | null;
  decided_model: string;
  served_model: string | null;
  default_model: string;
  tier: 0 | 1 | 2 | null;
  stakes: boolean | null;
  probs: number[];
  sufficiency: Record<string, number>;
  score: number | null;
  threshold: number | null;
  ood: number | null;
  escalated: boolean;
  reasons: string[];
  verify: boolean;
  rule: string | null;
  arm: "router" | "control";
  explored: boolean;
  propensity: number;
  expected_cost_usd: number | null;
  slices: Record<string, string>;
  took_us: number;
  attempts: AttemptRecord[];
  retry?: number | null;
  usage: RecordedUsage | null;
  latency_ms: number | null;
  ttft_ms: number | null;
  cost_usd: number | null;
  finish_reason: string | null;
  error: string | null;
  error_class: string | null;
}

/** One call of a request that was tried on several models. */
export interface AttemptRecord {
  model: string;
  /** Class of its failure; null = it answered. */
  error_class: string | null;
  latency_ms: number | null;
}

/** Meaning of each field, in the order of a line; docs/runtime.md prints it. */
export const decisionRecordFields: Readonly<Record<keyof DecisionRecord, string>> = {
  v: "version of this record, 2; lines of version 1 lack the fields that are marked so",
  ts: "time of recording, ISO 8601 UTC",
  request_id: "the caller's request id, or one that the router made up",
  session_hash: "salted hash of the session id; null without a session",
  bucket: "place of the session (or request) in [0, 1): first 32 bits of sha256(salt:unit) / 2^32",
  shadow_sampled: "bucket < shadow rate of the policy",
  artifact: "artifact id; null when none could be loaded",
  decided_model: "model that the router chose",
  served_model: "model that answered; differs from the decided one in a decision shadow and after a fallback",
  default_model: "model that would have answered without a router",
  tier: "difficulty 0, 1 or 2; null when unknown",
  stakes: "whether errors are expensive; null when unknown",
  probs: "probabilities of the model's heads, in the manifest's order; empty when it did not run",
  sufficiency: "P(not worse than the strong model) per model",
  score: "need of the strong model, in [0, 1]; null when the model did not run",
  threshold: "least sufficiency at which the model that the score speaks of may answer; null = never",
  ood: "distance from the training traffic, 1 = the limit; null when the model did not run or the artifact has no such score",
  escalated: "whether something other than the threshold sent the request to a dearer model",
  reasons: "stable codes, most decisive first",
  verify: "whether a verification pass is advised (2)",
  rule: "id of the user's rule that applied; null = none (2)",
  arm: "router, or control where the ramp keeps the session back (2)",
  explored: "whether the model was drawn at random (2)",
  propensity: "chance that the decided model had of being chosen; 1 without exploration (2)",
  expected_cost_usd: "what the call was expected to cost, USD; null when a price is unknown (2)",
  slices: "app, plan, locale and endpoint of the request's meta, where given (2)",
  took_us: "microseconds that the decision took",
  attempts:
    "calls of the request in order: model, error_class (null = answered), latency_ms; empty when there was one (2)",
  retry: "how often the caller's SDK had tried the request before; null when it doesn't say (2)",
  usage: "numbers of the provider's usage object, under its own names",
  latency_ms: "milliseconds from call to last token",
  ttft_ms: "milliseconds from call to first token; null when not streamed (2)",
  cost_usd: "cost in USD, as the caller knows it",
  finish_reason: "why the answer ended, in the provider's words",
  error: "name or code of the call's error; never its message",
  error_class:
    "rate_limited, overloaded, timeout, network, context_length, content_filter, bad_request, auth or unknown (2)",
};

/** What the caller knows after the call. Everything is optional. */
export interface CallResult {
  usage?: unknown;
  latencyMs?: number;
  ttftMs?: number | null;
  finishReason?: string | null;
  servedModel?: string | null;
  costUsd?: number | null;
  error?: unknown;
  errorClass?: string | null;
  /** Every call of the request in order, when there was more than one. */
  attempts?: readonly AttemptRecord[];
  /** How often the caller's SDK had tried this request before. */
  retry?: number | null;
}

/** Make the record of one decision and what came of it. */
export function makeRecord(
  decision: Decision,
  result: CallResult,
  { now, defaultModel }: { now: Date; defaultModel: string },
): DecisionRecord {
  return {
    v: DECISION_RECORD_VERSION,
    ts: now.toISOString(),
    request_id: decision.requestId,
    session_hash: decision.sessionHash,
    bucket: decision.shadow.bucket,
    shadow_sampled: decision.shadow.sampled,
    artifact: decision.artifact,
    decided_model: decision.model,
    served_model: textOrNull(result.servedModel),
    default_model: defaultModel,
    tier: decision.tier,
    stakes: decision.stakes,
    probs: decision.probabilities,
    sufficiency: decision.sufficiency,
    score: decision.score,
    threshold: decision.threshold,
    ood: decision.ood,
    escalated: decision.escalated,
    reasons: decision.reasons,
    verify: decision.verify,
    rule: decision.rule,
    arm: decision.arm,
    explored: decision.explored,
    propensity: decision.propensity,
    expected_cost_usd: decision.expectedCostUsd,
    slices: decision.slices,
    took_us: decision.tookUs,
    attempts: attemptsOf(result.attempts),
    retry: numberOrNull(result.retry),
    usage: numbersOf(result.usage, 3),
    latency_ms: numberOrNull(result.latencyMs),
    ttft_ms: numberOrNull(result.ttftMs),
    cost_usd: numberOrNull(result.costUsd),
    finish_reason: textOrNull(result.finishReason),
    error: errorCode(result.error),
    error_class: textOrNull(result.errorClass),
  };
}

/** Numeric leaves down to a depth; anything else might be content. */
export function numbersOf(value: unknown, depth: number): RecordedUsage | null {
  if (typeof value !== "object" || value === null || depth === 0) return null;
  const numbers: RecordedUsage = {};
  for (const [name, item] of Object.entries(value)) {
    const kept = typeof item === "number" && Number.isFinite(item) ? item : numbersOf(item, depth - 1);
    if (kept !== null) numbers[name] = kept;
  }
  return Object.keys(numbers).length > 0 ? numbers : null;
}

const mostAttempts = 20;

function attemptsOf(given: unknown): AttemptRecord[] {
  if (!Array.isArray(given)) return [];
  return given.slice(0, mostAttempts).flatMap((attempt: Partial<AttemptRecord> | null) => {
    const model = textOrNull(attempt?.model);
    if (model === null) return [];
    return [
      { model, error_class: textOrNull(attempt?.error_class), latency_ms: numberOrNull(attempt?.latency_ms) },
    ];
  });
}

function errorCode(error: unknown): string | null {
  if (error === undefined || error === null) return null;
  if (typeof error === "string" || typeof error === "number") return String(error).slice(0, 100);
  const { code, status, name } = error as { code?: unknown; status?: unknown; name?: unknown };
  return String(code ?? status ?? name ?? "error").slice(0, 100);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
