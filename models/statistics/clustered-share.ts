import type { Estimate } from "../../datasets/results.js";
import { clusterRatio } from "./cluster-ratio.js";
import { wilsonInterval } from "./wilson-interval.js";

/** Share of rows for which something holds, with a 95 % interval: Wilson's, on as many independent rows as the clusters are
 * worth (rows over the design effect, at most the rows), so that it also holds near 0 and 1.
 * @param values 0 or 1 per row
 * @param clusters cluster (session) of each row
 * @returns null for no rows
 * @see Kish 1965, Survey Sampling, on design effects; Wilson 1927 */
export function clusteredShare(
  values: readonly number[],
  clusters: ArrayLike<number>,
  how: string,
): Estimate | null {
  const n = values.length;
  if (n === 0) return null;
  const {
    value,
    standardError,
    clusters: count,
  } = clusterRatio(values, new Float64Array(n).fill(1), clusters);
  const variance = value * (1 - value);
  const worth = variance > 0 ? Math.min(n, variance / standardError ** 2) : count;
  const { low, high } = wilsonInterval(value * worth, worth);
  return { value, low, high, method: `${how}; Wilson 95 % on the rows that the sessions are worth`, n };
}
