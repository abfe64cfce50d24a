import { clusterRatio } from "../cluster-ratio.js";
import { sequenceHalfWidth } from "./confidence-sequence.js";

/** A mean with bounds that hold at every look. */
export interface ClusterSequence {
  value: number;
  /** Two-sided interval at 1 - alpha. */
  low: number;
  high: number;
  /** One-sided bounds, each at 1 - alpha. */
  lower: number;
  upper: number;
  rows: number;
  sessions: number;
}

/** Pair-weighted mean with an asymptotic confidence sequence that counts sessions, not rows: the observations are the linearised session
 * sums e = S - mean x size, sigma their standard deviation over the mean size.
 * One row's square is added to the sum of squares, so that a start in which all differences are 0 has no width of 0.
 * @param values one per row
 * @param clusters session number of each row
 * @param nStar sessions at which the sequence is tightest
 * @returns null for no rows
 * @see sequenceHalfWidth; Cochran 1977, Sampling Techniques, ch. 6, for the linearised ratio */
export function clusterSequence(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  { alpha, nStar }: { alpha: number; nStar: number },
): ClusterSequence | null {
  const rows = values.length;
  if (rows === 0) return null;
  const { value, standardError, clusters: sessions } = clusterRatio(values, ones(rows), clusters);
  const meanSize = rows / sessions;
  const variance =
    sessions > 1
      ? standardError ** 2 * sessions + 1 / (sessions * meanSize * meanSize)
      : Number.POSITIVE_INFINITY;
  const half = (sides: 1 | 2) =>
    sequenceHalfWidth({ sigma: Math.sqrt(variance), n: sessions, alpha, nStar, sides });
  const [one, two] = [half(1), half(2)];
  return {
    value,
    low: value - two,
    high: value + two,
    lower: value - one,
    upper: value + one,
    rows,
    sessions,
  };
}

function ones(length: number): Float64Array {
  return new Float64Array(length).fill(1);
}
