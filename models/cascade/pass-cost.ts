/** Cost of a verification pass as a share of the answer that it checks: the published "x 1.5". An assumption about a prompt that nobody has
 * logged, not a measurement. */
export const assumedPassShare = 0.5;

/** Cost of a verification pass by the model that could have answered, in the unit of `answerUsd`.
 * @param answerUsd what its answer costs */
export function passCost(answerUsd: number, passShare = assumedPassShare): number {
  return answerUsd * passShare;
}
