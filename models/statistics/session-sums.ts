import { type ClusterRatio, skewedRatioInterval } from "./cluster-ratio.js";
import { degreesOfMoments, residualMoments } from "./effective-degrees.js";
import { skewnessOf } from "./mean-interval.js";
import type { Interval } from "./wilson-interval.js";

/** Sum an amount of each row by its session.
 * @param sessions number of each row's session, 0 to count - 1
 * @param amountOf amount of a row; not called for rows that are left out
 * @param rows those that count */
export function sumBySession(
  rows: Int32Array,
  sessions: Int32Array,
  count: number,
  amountOf: (row: number) => number,
): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    sums[sessions[row]!]! += amountOf(row);
  }
  return sums;
}

/** 95 % interval of a total over as many sessions as were drawn, each drawn anew: how much each holds varies too, which a mean times a
 * known number of rows would leave out. Sessions that hold nothing count.
 * @returns null where an amount isn't known
 * @see Cochran 1977, Sampling Techniques, sec. 2.4 and 9A.2 */
export function totalOfSums(sums: Float64Array): Interval | null {
  const count = sums.length;
  const mean = ratioOfSums(sums, new Float64Array(count).fill(1));
  if (mean === null) return null;
  return { value: mean.value * count, low: mean.low * count, high: mean.high * count };
}

/** 95 % interval of a ratio of two totals from their sums by session: the figures of `clusterRatio`, whose rows need not be read again
 * for every ratio of them. Sessions that have neither amount count for nothing.
 * @returns null where the denominator is 0 or an amount isn't known */
export function ratioOfSums(numerator: Float64Array, denominator: Float64Array): Interval | null {
  let top = 0;
  let bottom = 0;
  for (let g = 0; g < numerator.length; g++) {
    top += numerator[g]!;
    bottom += denominator[g]!;
  }
  const value = top / bottom;
  if (!Number.isFinite(value)) return null;
  const residuals = new Float64Array(numerator.length);
  let clusters = 0;
  let squares = 0;
  for (let g = 0; g < numerator.length; g++) {
    if (numerator[g] === 0 && denominator[g] === 0) continue;
    const residual = numerator[g]! - value * denominator[g]!;
    residuals[clusters++] = residual;
    squares += residual * residual;
  }
  const standardError =
    clusters > 1
      ? Math.sqrt((squares * clusters) / (clusters - 1)) / Math.abs(bottom)
      : Number.POSITIVE_INFINITY;
  const moments = residualMoments(residuals.subarray(0, clusters));
  const ratio: ClusterRatio = {
    value,
    standardError,
    clusters,
    degrees: degreesOfMoments(moments),
    skewness: Math.sign(bottom) * skewnessOf(moments),
  };
  return skewedRatioInterval(ratio);
}
