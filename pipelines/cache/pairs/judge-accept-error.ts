import { clopperPearson } from "../../../models/statistics/clopper-pearson.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import type { PairVerdict } from "./read-pair.js";

/** A pair with a judge's verdict and a human's. */
export interface DoubleLabel {
  judge: PairVerdict;
  human: PairVerdict;
}

/** How often a judge accepts what humans don't, and the reverse. */
export interface JudgeAcceptError {
  /** Rows on which a human decided; the others say nothing. */
  doubles: number;
  differentByHuman: number;
  /** Of them, those that the judge called the same. */
  falseAccepts: number;
  /** P(judge says same | human says different); null when there is no such row. */
  phi: number | null;
  sameByHuman: number;
  /** Of them, those that the judge did not call the same: `cannot_tell` is no hit either. */
  falseRejects: number;
  /** P(judge does not say same | human says same), exact 95 % interval; null when there is no such row. */
  rho: Interval | null;
  /** Exact one-sided upper bound of phi: it is at least phi in that share of samples, whatever phi is. 1 without rows.
   * @param confidence in (0.5, 1) */
  phiHigh(confidence: number): number;
}

/** Error rates of a judge from pairs that a human judged too. A USR of at most alpha * (1 - phi) by the judge's word is one of at most alpha
 * in truth: among pairs that are different, it sees only 1 - phi. The rows must be a random part of the judged pairs, picked without a
 * look at the judge's verdict: picked among its acceptances they make phi too high, among its rejections too low.
 * @see Clopper and Pearson 1934 for the bounds */
export function judgeAcceptError(rows: readonly DoubleLabel[]): JudgeAcceptError {
  const different = rows.filter(({ human }) => human === "different");
  const same = rows.filter(({ human }) => human === "same");
  const falseAccepts = different.filter(({ judge }) => judge === "same").length;
  const falseRejects = same.filter(({ judge }) => judge !== "same").length;
  return {
    doubles: different.length + same.length,
    differentByHuman: different.length,
    falseAccepts,
    phi: different.length === 0 ? null : falseAccepts / different.length,
    sameByHuman: same.length,
    falseRejects,
    rho: same.length === 0 ? null : clopperPearson(falseRejects, same.length),
    phiHigh: (confidence) =>
      different.length === 0 ? 1 : clopperPearson(falseAccepts, different.length, 2 * confidence - 1).high,
  };
}
