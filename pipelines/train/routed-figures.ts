import type { Estimate } from "@signalbox/runtime";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { candidateAt } from "../../models/thresholds/certify-retention.js";
import type { HeldOut } from "./held-out-rows.js";

/** What a threshold does to held-out rows, against always asking the strong model; cluster-robust 95 % intervals.
 * @param threshold null = nothing is routed away */
export function routedFigures(
  { sufficiency, quality, strongQuality, costs, weights, clusters, correction }: HeldOut,
  threshold: number | null,
): { retention: Estimate; cost_saving: Estimate; strong_share: Estimate } {
  const n = strongQuality.length;
  const chosen = Int32Array.from({ length: n }, (_, i) =>
    threshold === null ? -1 : candidateAt(sufficiency, i, threshold),
  );
  const strongCost = costs.at(-1)!;
  const routedQuality = Float64Array.from(chosen, (c, i) => (c < 0 ? strongQuality[i]! : quality[c]![i]!));
  const routedCost = Float64Array.from(chosen, (c, i) => (c < 0 ? strongCost[i]! : costs[c]![i]!));
  const weighted = (values: Float64Array) => values.map((value, i) => value * weights[i]!);
  const ratio = (top: Float64Array, bottom: Float64Array, about = ""): Estimate => ({
    ...clusterRatioInterval(clusterRatio(weighted(top), weighted(bottom), clusters)),
    method: `measured on held-out rows; cluster-robust ratio${about}`,
    n,
  });
  const paid = ratio(routedCost, strongCost);
  return {
    retention: ratio(routedQuality, strongQuality, correction),
    cost_saving: { ...paid, value: 1 - paid.value, low: 1 - paid.high, high: 1 - paid.low },
    strong_share: ratio(
      Float64Array.from(chosen, (c) => Number(c < 0)),
      new Float64Array(n).fill(1),
    ),
  };
}
