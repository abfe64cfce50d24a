import { clusterRatio } from "./cluster-ratio.js";
import { correctQuality } from "./correct-quality.js";
import { effectiveShare, kishRows, type SurveyShare } from "./survey-share.js";

/** Rows that a judge gave a verdict on, and a human too for some: 1 sufficient, 0 insufficient, 0.5 tie. */
export interface JudgedRows {
  judge: ArrayLike<number>;
  /** null where no human rated the row. */
  human: ReadonlyArray<number | null>;
  /** Probability with which a rated row came to be rated. */
  inclusion: ArrayLike<number>;
  /** Inverse probability with which the row came to be judged. */
  weights: ArrayLike<number>;
  clusters: ArrayLike<number>;
}

/** How a judge errs where humans are the measure; null where they gave no such verdict. */
export interface JudgeAccuracy {
  /** P(judge says sufficient | humans do): sensitivity, TPR. */
  sensitivity: SurveyShare | null;
  /** P(judge says insufficient | humans do): specificity, TNR. */
  specificity: SurveyShare | null;
}

/** Error rates of a judge against human verdicts. Ratings are usually picked by the judge's own verdict, which biases rates that are
 * simply counted (verification bias); so every judged row counts, with the share of such rows that humans call sufficient, and
 * rated rows with their difference from it. A judge's tie counts half; rows on which humans tie say nothing about either rate.
 * @see Begg and Greenes 1983, Assessment of diagnostic tests when disease verification is subject to selection bias */
export function judgeAccuracy(rows: JudgedRows): JudgeAccuracy {
  return {
    sensitivity: rateAmong(rows, 1, (judged) => judged),
    specificity: rateAmong(rows, 0, (judged) => 1 - judged),
  };
}

function rateAmong(
  { judge, human, inclusion, weights, clusters }: JudgedRows,
  verdict: 0 | 1,
  agreement: (judged: number) => number,
): SurveyShare | null {
  const rated = [...human.keys()].filter((row) => human[row] === verdict);
  if (rated.length === 0) return null;
  const belongs = correctQuality(
    human.map((quality, row) => ({
      judge: judge[row]!,
      human: quality === null ? null : Number(quality === verdict),
      inclusion: inclusion[row]!,
    })),
  );
  // Verdicts of the judge that nobody rated, such as a rare tie, can't be spoken for.
  const known = new Set([...human.keys()].filter((row) => human[row] !== null).map((row) => judge[row]!));
  const bottom = belongs.map((share, row) => (known.has(judge[row]!) ? share * weights[row]! : 0));
  const ratio = clusterRatio(
    bottom.map((share, row) => share * agreement(judge[row]!)),
    bottom,
    clusters,
  );
  return effectiveShare(ratio, {
    rows: human.length,
    clusters: new Set(rated.map((row) => clusters[row]!)).size,
    evenRows: kishRows(rated.map((row) => weights[row]! / inclusion[row]!)),
  });
}
