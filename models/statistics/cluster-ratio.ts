import { degreesOfMoments, residualMoments } from "./effective-degrees.js";
import { meanInterval, skewnessOf } from "./mean-interval.js";
import type { Interval } from "./wilson-interval.js";

/** A ratio of sums with its cluster-robust standard error. */
export interface ClusterRatio {
  value: number;
  standardError: number;
  clusters: number;
  /** Degrees of freedom of the standard error. */
  degrees: number;
  /** Of the clusters' residuals, with the sign that they have in the ratio. */
  skewness: number;
}

/** Ratio sum(numerator) / sum(denominator) whose standard error treats each cluster (session) as one observation:
 * linearised residuals are summed within clusters, with the small-sample factor G / (G - 1). A mean is the ratio with a
 * denominator of ones. With one cluster the standard error is infinite.
 * @param clusters cluster number of each row, 0 to count - 1
 * @see Cochran 1977, Sampling Techniques, ch. 6 and 9A; Cameron and Miller 2015 */
export function clusterRatio(
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
  clusters: ArrayLike<number>,
): ClusterRatio {
  const n = numerator.length;
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < n; i++) {
    top += numerator[i]!;
    bottom += denominator[i]!;
  }
  const value = top / bottom;
  const residuals = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const cluster = clusters[i]!;
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + numerator[i]! - value * denominator[i]!);
  }
  const count = residuals.size;
  let squares = 0;
  for (const residual of residuals.values()) squares += residual * residual;
  const standardError =
    count > 1 ? Math.sqrt((squares * count) / (count - 1)) / Math.abs(bottom) : Number.POSITIVE_INFINITY;
  const moments = residualMoments(residuals.values());
  return {
    value,
    standardError,
    clusters: count,
    degrees: degreesOfMoments(moments),
    skewness: Math.sign(bottom) * skewnessOf(moments),
  };
}

/** Two-sided interval of a {@link clusterRatio}, Student t with the error's effective degrees of freedom, at most G - 1. */
export function clusterRatioInterval(ratio: ClusterRatio, confidence = 0.95): Interval {
  return skewedRatioInterval({ ...ratio, skewness: 0 }, confidence);
}

/** The same, reaching further on the side of rare large amounts ({@link meanInterval}): for money, which a few sessions hold most of. For
 * differences in quality it is needlessly wide. */
export function skewedRatioInterval(ratio: ClusterRatio, confidence = 0.95): Interval {
  if (ratio.clusters < 2)
    return { value: ratio.value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  return meanInterval({ ...ratio, count: ratio.clusters }, confidence);
}

/** Number the clusters of a column of ids: equal ids share a number, a null id is a cluster of its own. */
export function numberClusters(ids: ReadonlyArray<string | null>): Int32Array {
  const numbers = new Map<string, number>();
  const out = new Int32Array(ids.length);
  let next = 0;
  ids.forEach((id, i) => {
    const known = id === null ? undefined : numbers.get(id);
    out[i] = known ?? next++;
    if (id !== null && known === undefined) numbers.set(id, out[i]!);
  });
  return out;
}
