import { sampleQuantile } from "../quantiles.js";
import type { Interval } from "../wilson-interval.js";

/** Quantile of a distribution with a confidence sequence: it holds at all sample sizes at once, without assumptions on the distribution.
 * The bounds are the sample quantiles at p - f and p + f, f = 1.5 sqrt(p (1 - p) l) + 0.8 l, l = (1.4 ln ln(2.1 n) + ln(10 / alpha)) / n,
 * and infinite where p +- f leaves [0, 1]: the tail has too few rows.
 * @param sorted ascending, not empty
 * @param effectiveRows independent rows that they are worth (rows over the design effect of sessions); the guarantee is exact where
 * this is their number, and leans on the design effect otherwise
 * @see Howard and Ramdas 2022, Sequential estimation of quantiles with applications to A/B testing and best-arm identification, theorem 1 */
export function quantileSequence(
  sorted: ArrayLike<number>,
  { p, alpha, effectiveRows = sorted.length }: { p: number; alpha: number; effectiveRows?: number },
): Interval {
  const n = Math.max(2, effectiveRows);
  const l = (1.4 * Math.log(Math.log(2.1 * n)) + Math.log(10 / alpha)) / n;
  const f = 1.5 * Math.sqrt(p * (1 - p) * l) + 0.8 * l;
  return {
    value: sampleQuantile(sorted, p),
    low: p - f <= 0 ? Number.NEGATIVE_INFINITY : orderStatistic(sorted, Math.floor((p - f) * sorted.length)),
    high: p + f >= 1 ? Number.POSITIVE_INFINITY : orderStatistic(sorted, Math.ceil((p + f) * sorted.length)),
  };
}

/** k-th smallest value, k from 1. */
function orderStatistic(sorted: ArrayLike<number>, k: number): number {
  return sorted[Math.min(sorted.length, Math.max(1, k)) - 1]!;
}
