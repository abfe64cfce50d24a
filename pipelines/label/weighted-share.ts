import type { Estimate } from "../../datasets/results.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";

/** One value in [0, 1] with its weight and the session that it shares with others. */
export interface WeightedValue {
  value: number;
  weight: number;
  cluster: string;
}

/** Weighted mean (Hájek) of values in [0, 1] with a 95 % interval from its linearised variance, clustered by session; the
 * strata are ignored, which can only widen it. When the values do not differ, Wilson's interval over the clusters.
 * @returns null for no values
 * @see Cochran 1977, Sampling Techniques, 6.3; Wilson 1927 */
export function weightedShare(values: readonly WeightedValue[]): Estimate | null {
  if (values.length === 0) return null;
  const total = values.reduce((sum, { weight }) => sum + weight, 0);
  const mean = values.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
  const byCluster = new Map<string, number>();
  for (const { value, weight, cluster } of values)
    byCluster.set(cluster, (byCluster.get(cluster) ?? 0) + weight * (value - mean));
  const clusters = byCluster.size;
  const squares = [...byCluster.values()].reduce((sum, residual) => sum + residual * residual, 0);
  if (clusters < 2 || squares === 0) {
    const { low, high } = wilsonInterval(mean * clusters, clusters);
    return {
      value: mean,
      low,
      high,
      method: "measured by the judge; weighted share, Wilson 95 % over sessions",
      n: values.length,
    };
  }
  const half = (1.96 * Math.sqrt((squares * clusters) / (clusters - 1))) / total;
  return {
    value: mean,
    low: Math.max(0, mean - half),
    high: Math.min(1, mean + half),
    method: "measured by the judge; weighted share, linearised 95 %, clustered by session",
    n: values.length,
  };
}
