/** One answer's quality as a judge saw it, and as a human did where one was asked. */
export interface JudgedQuality {
  /** The judge's: 1, 0, or 0.5 for a tie. */
  judge: number;
  /** The human's; null when not rated. */
  human: number | null;
  /** Probability with which the answer was picked for rating; used where it was rated. */
  inclusion: number;
}

/** Rid judged qualities of the judge's errors, row by row: each becomes what humans say on average after such a verdict, and a rated
 * row also gets its own difference from that, times the inverse of its inclusion probability. The mean over *any* group of
 * rows that was formed without looking at the verdicts (a router's choice, an app, a week) is then an unbiased estimate of
 * the human mean, and the scatter of the values carries the calibration's uncertainty into whatever interval is built on them.
 * Single values mean nothing: they leave [0, 1] by far.
 *
 * Unlike dividing by TPR + TNR - 1 it does not assume that the judge errs equally often on easy and hard requests; a router sends
 * just the easy ones to the cheap model.
 * @see Robins, Rotnitzky and Zhao 1994 (augmented inverse probability weighting); arXiv 2601.05420 for judges */
export function correctQuality(rows: readonly JudgedQuality[]): Float64Array {
  const sums = new Map<number, { human: number; weight: number }>();
  for (const { judge, human, inclusion } of rows) {
    if (human === null) continue;
    const sum = sums.get(judge) ?? { human: 0, weight: 0 };
    sum.human += human / inclusion;
    sum.weight += 1 / inclusion;
    sums.set(judge, sum);
  }
  return Float64Array.from(rows, ({ judge, human, inclusion }) => {
    const sum = sums.get(judge);
    const expected = sum ? sum.human / sum.weight : judge;
    return human === null ? expected : expected + (human - expected) / inclusion;
  });
}
