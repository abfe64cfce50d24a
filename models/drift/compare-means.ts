import type { Estimate } from "../../datasets/results.js";
import { type ClusterRatio, clusterRatio } from "../statistics/cluster-ratio.js";
import { studentQuantile } from "../statistics/quantiles.js";
import type { Sides } from "./session-shuffle.js";

/** Difference of two means, later minus earlier, of rows in sessions that don't cross: cluster-robust 95 % interval (Student t with Welch's
 * degrees of freedom).
 * @param values one per row
 * @returns null when a side has fewer than two sessions */
export function compareMeans(values: Float64Array, { isSince, clusters }: Sides): Estimate | null {
  const side = (wanted: number): ClusterRatio => {
    const rows = [...values.keys()].filter((row) => isSince[row] === wanted);
    return clusterRatio(
      rows.map((row) => values[row]!),
      rows.map(() => 1),
      rows.map((row) => clusters[row]!),
    );
  };
  const [before, since] = [side(0), side(1)];
  if (before.clusters < 2 || since.clusters < 2) return null;
  const [v, w] = [before.standardError ** 2, since.standardError ** 2];
  const value = since.value - before.value;
  const degrees =
    v + w === 0 ? before.degrees : (v + w) ** 2 / (v ** 2 / before.degrees + w ** 2 / since.degrees);
  const half = v + w === 0 ? 0 : studentQuantile(0.975, degrees) * Math.sqrt(v + w);
  return {
    value,
    low: value - half,
    high: value + half,
    method: "since minus before; 95 % cluster-robust by session (Welch)",
    n: values.length,
  };
}
