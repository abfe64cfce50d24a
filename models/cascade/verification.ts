import { escalationProbability } from "./gate.js";

/** Cost of a verification pass as a share of the answer that it checks: the published "x 1.5". An assumption about a prompt that nobody has
 * logged, not a measurement. */
export const assumedPassShare = 0.5;

/** Cost of an answer with its verification pass, in the unit of `answerUsd`. */
export function verifiedCost(answerUsd: number, passShare = assumedPassShare): number {
  return answerUsd * (1 + passShare);
}

/** What verifying one answer is expected to do. */
export interface VerificationValue {
  /** USD of the pass, and of asking the strong model again after an alarm. */
  usd: number;
  /** Wrong answers that are caught, and right ones that are asked again for nothing. */
  caught: number;
  falseAlarms: number;
  /** Harm of an uncaught wrong answer from which the pass pays, USD; Infinity where nothing is caught. */
  breakEvenUsd: number;
}

/** Value of a verification pass on one answer: an alarm sends the request to the strong model.
 * @param sufficiency probability that the answer is right, which nothing sees beforehand
 * @param rates P(accepts | right), P(rejects | wrong) of the verifier */
export function verificationValue(
  sufficiency: number,
  rates: { tpr: number; tnr: number },
  costs: { passUsd: number; repairUsd: number },
): VerificationValue {
  const { tpr, tnr } = rates;
  const usd = costs.passUsd + escalationProbability(sufficiency, tpr, tnr) * costs.repairUsd;
  const caught = (1 - sufficiency) * tnr;
  return {
    usd,
    caught,
    falseAlarms: sufficiency * (1 - tpr),
    breakEvenUsd: caught > 0 ? usd / caught : Number.POSITIVE_INFINITY,
  };
}
