import { ShadowStatus } from "@signalbox/runtime";
import type { ResponseShadow, ShadowGuardrail } from "../../datasets/shadow-result.js";
import { clusterRatio } from "../../models/statistics/cluster-ratio.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";
import { quantileSequence } from "../../models/statistics/sequential/quantile-sequence.js";
import type { JoinedPair } from "./join-shadow.js";
import { sessionNumbers } from "./quality-observations.js";
import type { ShadowDesign } from "./shadow-design.js";

/** Latency quantiles of both sides of pairs in which both answered, with bands that hold at every look; rows count as many as their
 * sessions are worth. The candidate's call runs beside the user's, so its latency is its own. */
export function measureLatency(pairs: readonly JoinedPair[], alpha: number): ResponseShadow["latency"] {
  const rows = pairs.flatMap(({ status, session, baseline, candidate }) => {
    const [one, other] = [baseline.latencyMs, candidate?.latencyMs ?? null];
    return status === ShadowStatus.paired && one !== null && other !== null
      ? [{ session, baseline: one, candidate: other }]
      : [];
  });
  if (rows.length === 0) return [];
  const clusters = sessionNumbers(rows);
  return (["baseline", "candidate"] as const).flatMap((side) => {
    const values = Float64Array.from(rows, (row) => row[side]);
    const sorted = values.slice().sort();
    return quantiles.map((p) => {
      const effectiveRows = worth(values, clusters, sampleQuantile(sorted, p), p);
      const { value, low, high } = quantileSequence(sorted, { p, alpha: alpha / 2, effectiveRows });
      return { side, quantile: p, n: rows.length, ms: value, low: finite(low), high: finite(high) };
    });
  });
}

/** Stop when the candidate's p95 is certainly above the allowed multiple of the baseline's: its band lies wholly above. */
export function latencyGuardrail(
  latency: ResponseShadow["latency"],
  { maxLatencyRatio }: ShadowDesign,
): ShadowGuardrail {
  const p95 = (side: string) => latency.find((row) => row.side === side && row.quantile === 0.95);
  const [baseline, candidate] = [p95("baseline"), p95("candidate")];
  const isKnown = baseline?.high != null && candidate?.low != null;
  return {
    name: "latency_p95",
    pairs: baseline?.n ?? 0,
    baseline: baseline?.ms ?? null,
    candidate: candidate?.ms ?? null,
    difference: null,
    limit: maxLatencyRatio,
    e_value: null,
    status: !isKnown ? "too_few" : candidate.low! > maxLatencyRatio * baseline.high! ? "stop" : "ok",
  };
}

const quantiles = [0.5, 0.95, 0.99] as const;

/** Independent rows that would estimate the share below the quantile as well as these clustered ones do, at most all. */
function worth(values: Float64Array, clusters: Int32Array, quantile: number, p: number): number {
  const below = values.map((value) => Number(value <= quantile));
  const { standardError } = clusterRatio(below, new Float64Array(values.length).fill(1), clusters);
  return standardError > 0 ? Math.min(values.length, (p * (1 - p)) / standardError ** 2) : values.length;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
