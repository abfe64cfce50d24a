import type { Interval } from "../statistics/wilson-interval.js";

/** How often a gate that sees an answer is right about it. */
export interface GateRates {
  /** P(accepts | the answer is sufficient): TPR. */
  tpr: Interval;
  /** P(rejects | the answer is not): TNR. */
  tnr: Interval;
}

/** Probability that a gate sends an answer on to the stronger model: rightly or by a false alarm. Assumes that the gate errs as often on hard
 * requests as on easy ones, once it is known whether the answer is sufficient.
 * @param sufficiency probability that the answer is sufficient
 * @see Chen, Zaharia and Zou 2023, FrugalGPT, sec. 3, for cascades with a scorer */
export function escalationProbability(sufficiency: number, tpr: number, tnr: number): number {
  return sufficiency * (1 - tpr) + (1 - sufficiency) * tnr;
}

/** A gate that never errs: no gate does better, so it bounds what a cascade can save. */
export const faultlessRates: GateRates = {
  tpr: { value: 1, low: 1, high: 1 },
  tnr: { value: 1, low: 1, high: 1 },
};
