import type { Estimate } from "../../datasets/results.js";
import { incompleteBeta } from "../statistics/beta.js";
import { type ClusterRatio, clusterRatio } from "../statistics/cluster-ratio.js";
import { studentQuantile } from "../statistics/quantiles.js";
import type { Sides } from "./session-shuffle.js";

/** A difference and the chance of one as large if there were none. */
export interface MeanComparison {
  before: number;
  since: number;
  /** Later minus earlier. */
  difference: Estimate;
  p_value: number;
}

/** Difference of two means, later minus earlier, of rows in sessions that don't cross: cluster-robust 95 % interval and two-sided p-value
 * (Student t with Welch's degrees of freedom).
 * @param values one per row
 * @param weights of the rows, such as inverse inclusion probabilities; default 1
 * @returns null when a side has fewer than two sessions
 * @see Cochran 1977, Sampling Techniques, ch. 6; Welch 1947 */
export function compareMeans(
  values: ArrayLike<number>,
  { isSince, clusters }: Sides,
  weights: ArrayLike<number> = new Float64Array(values.length).fill(1),
): MeanComparison | null {
  const side = (wanted: number): ClusterRatio | null => {
    const rows = Array.from({ length: values.length }, (_, row) => row).filter(
      (row) => isSince[row] === wanted,
    );
    if (rows.length === 0) return null;
    return clusterRatio(
      rows.map((row) => weights[row]! * values[row]!),
      rows.map((row) => weights[row]!),
      rows.map((row) => clusters[row]!),
    );
  };
  const [before, since] = [side(0), side(1)];
  if (before === null || since === null || before.clusters < 2 || since.clusters < 2) return null;
  const [v, w] = [before.standardError ** 2, since.standardError ** 2];
  const value = since.value - before.value;
  const isExact = v + w === 0;
  const degrees = isExact ? 1 : (v + w) ** 2 / (v ** 2 / before.degrees + w ** 2 / since.degrees);
  const half = isExact ? 0 : studentQuantile(0.975, degrees) * Math.sqrt(v + w);
  const square = value ** 2 / (v + w);
  return {
    before: before.value,
    since: since.value,
    difference: {
      value,
      low: value - half,
      high: value + half,
      method: "since minus before; 95 % cluster-robust by session (Welch)",
      n: values.length,
    },
    p_value: isExact ? Number(value === 0) : incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5),
  };
}
