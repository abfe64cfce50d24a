import { degreesOfMoments, residualMoments } from "../statistics/effective-degrees.js";
import { meanInterval, skewnessOf } from "../statistics/mean-interval.js";
import type { Interval } from "../statistics/wilson-interval.js";

/** Interval of a quantile by inverting the distribution function: the function's own error at the quantile, cluster-robust, is laid
 * around the level, and the ends are read off the distribution. Needs no density, and holds in samples of clusters with unequal weights.
 * @param level of the quantile, in (0, 1)
 * @param residuals linearised error of the distribution function at the quantile, one a cluster, sum about 0; clusters without any
 * row left out
 * @param quantileAt the distribution's quantile at any level: Infinity above 1
 * @returns without an upper end (Infinity) when the sample is too small to bound the quantile; without any for fewer than two clusters
 * @see Woodruff 1952, Confidence intervals for medians and other position measures, J. Am. Stat. Assoc. 47; Francisco and Fuller 1991 */
export function woodruffInterval({
  level,
  residuals,
  quantileAt,
  confidence = 0.95,
}: {
  level: number;
  residuals: Float64Array;
  quantileAt: (level: number) => number;
  confidence?: number;
}): Interval {
  const value = quantileAt(level);
  const count = residuals.length;
  if (count < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const moments = residualMoments(residuals);
  const { low, high } = meanInterval(
    {
      value: level,
      standardError: Math.sqrt((moments.squares * count) / (count - 1)),
      count,
      degrees: degreesOfMoments(moments),
      // the level is known and the function is not: errors lie the other way around
      skewness: -skewnessOf(moments),
    },
    confidence,
  );
  return { value, low: quantileAt(low), high: quantileAt(high) };
}
