import { studentQuantile } from "./quantiles.js";
import type { Interval } from "./wilson-interval.js";

/** Moments of residuals about 0. */
export interface ResidualMoments {
  count: number;
  squares: number;
  cubes: number;
  fourths: number;
}

/** Skewness of residuals; 0 where they don't differ. */
export function skewnessOf({ count, squares, cubes }: ResidualMoments): number {
  return squares > 0 ? cubes / count / (squares / count) ** 1.5 : 0;
}

/** Interval of a mean of independent clusters whose amounts may be skewed, as when a handful of large ones makes the sum. Student's t is
 * symmetric: it misses on the side of the large amounts that the sample didn't happen to hold. Hall's transformation of the t statistic is
 * monotone, takes its skewness out, and leaves Student's t where there is none. On the other side it would draw the bound in, which a
 * skewness that is estimated from a few heavy tails doesn't justify: there Student's bound stands, so no interval is narrower than by t.
 * @param mean.standardError of the mean
 * @param mean.count clusters, at least 2
 * @param mean.degrees effective degrees of freedom of the standard error
 * @param mean.skewness of the clusters' residuals, with the sign that they have in the mean
 * @see Hall 1992, On the removal of skewness by transformation, J. R. Stat. Soc. B 54, sec. 2 */
export function meanInterval(
  mean: { value: number; standardError: number; count: number; degrees: number; skewness: number },
  confidence = 0.95,
): Interval {
  const { value, standardError, degrees } = mean;
  if (standardError === 0) return { value, low: value, high: value };
  const t = studentQuantile(0.5 + confidence / 2, degrees);
  return {
    value,
    low: value - standardError * Math.max(t, statisticAt(t, mean)),
    high: value + standardError * Math.max(t, -statisticAt(-t, mean)),
  };
}

/** The t statistic whose transform is t. */
function statisticAt(t: number, { count, skewness }: { count: number; skewness: number }): number {
  if (Math.abs(skewness) < 1e-6) return t;
  const root = Math.sqrt(count);
  const transform = t / root - skewness / (6 * count);
  return (root * 3 * (Math.cbrt(1 + skewness * transform) - 1)) / skewness;
}
