import type { ShadowResult } from "../../datasets/results.js";
import { estimateMean, estimateTotal } from "../../models/statistics/cluster-estimate.js";
import { quantilesOf } from "../../models/statistics/quantiles.js";
import { sampleRatioPValue } from "../../models/statistics/sample-ratio.js";
import type { LoggedDecision } from "./read-decision.js";
import { repriceDecision } from "./reprice-decision.js";

/** A decision log as it was read. */
export interface ReadDecisions {
  /** One per request id. */
  decisions: LoggedDecision[];
  malformed: number;
  /** Records that repeat a request id. */
  repeated: number;
}

/** Sum up a decision log that the runtime wrote: what the router decided, what was served, what following it would have
 * changed, how long it took, and whether the shadow sample is the one that was designed.
 * @param rate designed share of sampled sessions, inside (0, 1) */
export function analyzeDecisions(
  { decisions, malformed, repeated }: ReadDecisions,
  rate: number,
): Omit<ShadowResult, "schema_version" | "response"> {
  const answered = decisions.filter((decision) => decision.servedModel !== null);
  const priced = answered.map((decision) => ({ decision, delta: repriceDecision(decision) }));
  const withPrice = priced.filter(
    (row): row is { decision: LoggedDecision; delta: number } => row.delta !== null,
  );
  const took = Float64Array.from(decisions.flatMap(({ tookUs }) => (tookUs === null ? [] : [tookUs])));
  return {
    decisions: decisions.length,
    unmatched: decisions.length - answered.length,
    malformed,
    mix: shares(decisions.map(({ decidedModel }) => decidedModel)),
    agreement:
      answered.length === 0
        ? null
        : estimateMean(
            Float64Array.from(answered, (row) => (row.decidedModel === row.servedModel ? 1 : 0)),
            sessionNumbers(answered),
            "measured: share of answered requests on which the router named the model that served",
          ),
    cost_delta_usd:
      withPrice.length === 0
        ? null
        : estimateTotal(
            Float64Array.from(withPrice, ({ delta }) => delta),
            sessionNumbers(withPrice.map(({ decision }) => decision)),
            "modelled: decided minus served model, both at list price for the logged tokens; negative = the router is cheaper",
          ),
    latency_us:
      took.length === 0
        ? null
        : (([p50, p95, p99]) => ({ p50: p50!, p95: p95!, p99: p99! }))(quantilesOf(took, [0.5, 0.95, 0.99])),
    sample: sampleRatio(decisions, rate),
    reasons: counts(decisions.flatMap(({ reasons }) => reasons)).map(({ key, count }) => ({
      reason: key,
      count,
    })),
    artifacts: [
      ...new Set(decisions.flatMap(({ artifact }) => (artifact === null ? [] : [artifact]))),
    ].sort(),
    notes: [
      ...(repeated > 0 ? [`${repeated} records repeat a request id and were left out.`] : []),
      ...(answered.length > withPrice.length
        ? [
            `${answered.length - withPrice.length} answered requests have no usage or no known price and are not in the cost delta.`,
          ]
        : []),
    ],
  };
}

/** Whether the sampled share of units (sessions, else requests) is the designed one. Warn below p = 0.01, mismatch below 0.001. */
function sampleRatio(decisions: readonly LoggedDecision[], rate: number): ShadowResult["sample"] {
  const units = new Map<string, boolean>();
  for (const { unit, isSampled } of decisions) units.set(unit, isSampled);
  const observed = [...units.values()].filter(Boolean).length;
  const p = sampleRatioPValue(observed, units.size, rate);
  return {
    rate,
    expected: rate * units.size,
    observed,
    p_value: p,
    verdict: p < 0.001 ? "mismatch" : p < 0.01 ? "warn" : "ok",
  };
}

function shares(models: readonly string[]): ShadowResult["mix"] {
  return counts(models).map(({ key, count }) => ({
    model: key,
    decisions: count,
    share: count / models.length,
  }));
}

function counts(keys: readonly string[]): Array<{ key: string; count: number }> {
  const tally = new Map<string, number>();
  for (const key of keys) tally.set(key, (tally.get(key) ?? 0) + 1);
  return [...tally]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}

function sessionNumbers(decisions: readonly LoggedDecision[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(decisions, ({ unit }) => {
    if (!numbers.has(unit)) numbers.set(unit, numbers.size);
    return numbers.get(unit)!;
  });
}
