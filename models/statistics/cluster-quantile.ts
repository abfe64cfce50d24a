import { effectiveDegrees } from "./effective-degrees.js";
import { orderStatistics, quantileFrom } from "./order-statistics.js";
import { studentQuantile } from "./quantiles.js";
import type { Interval } from "./wilson-interval.js";

/** Quantiles with distribution-free 95 % intervals that treat each cluster (session) as one observation: the share of values at or below
 * the quantile has a cluster-robust error, and the interval reaches from the quantile at the lower end of that share to the one at the
 * upper end. An end that the values can't bound (a p95 of ten values) is infinite.
 * @param values at least 0, finite, any order; left as they are
 * @param clusters cluster number of each value, 0 to count - 1
 * @returns one interval per p; none for no values
 * @see Woodruff 1952, Confidence intervals for medians and other position measures */
export function clusterQuantiles(
  values: Float64Array,
  clusters: Int32Array,
  count: number,
  ps: readonly number[],
): Interval[] {
  if (values.length === 0) return [];
  const at = orderStatistics(values);
  const bound = (p: number) => {
    if (p <= 0) return Number.NEGATIVE_INFINITY;
    return p >= 1 ? Number.POSITIVE_INFINITY : quantileFrom(at, values.length, p);
  };
  const sizes = new Float64Array(count);
  for (let i = 0; i < values.length; i++) sizes[clusters[i]!]! += 1;
  return ps.map((p) => {
    const value = quantileFrom(at, values.length, p);
    const half = halfWidth(values, { clusters, sizes, value });
    return { value, low: bound(p - half), high: bound(p + half) };
  });
}

/** Half of the 95 % interval of the share of values up to `value`. */
function halfWidth(
  values: Float64Array,
  { clusters, sizes, value }: { clusters: Int32Array; sizes: Float64Array; value: number },
): number {
  const sums = new Float64Array(sizes.length);
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > value) continue;
    sums[clusters[i]!]! += 1;
    below += 1;
  }
  const share = below / values.length;
  let filled = 0;
  let squares = 0;
  for (let g = 0; g < sums.length; g++) {
    if (sizes[g] === 0) continue;
    const residual = sums[g]! - share * sizes[g]!;
    sums[filled++] = residual;
    squares += residual * residual;
  }
  if (filled < 2) return Number.POSITIVE_INFINITY;
  const standardError = Math.sqrt((squares * filled) / (filled - 1)) / values.length;
  return studentQuantile(0.975, effectiveDegrees(sums.subarray(0, filled))) * standardError;
}
