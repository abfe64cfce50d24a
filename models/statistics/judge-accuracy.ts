import { type SurveyShare, surveyShare } from "./survey-share.js";

/** Rows that a judge and a human both gave a verdict on: 1 sufficient, 0 insufficient, 0.5 tie. */
export interface TwiceJudged {
  judge: ArrayLike<number>;
  human: ArrayLike<number>;
  /** Inverse of the probability with which the row came to be rated. */
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

/** Error rates of a judge against human verdicts, weighted by the inverse inclusion probability: ratings are usually picked by the
 * judge's own verdict, and without weights that would bias both rates (verification bias). A judge's tie counts half; rows on
 * which humans tie say nothing about either.
 * @see Begg and Greenes 1983, Assessment of diagnostic tests when disease verification is subject to selection bias */
export function judgeAccuracy({ judge, human, weights, clusters }: TwiceJudged): JudgeAccuracy {
  const among = (verdict: 0 | 1, value: (judged: number) => number): SurveyShare | null => {
    const rows = Array.from({ length: human.length }, (_, i) => i).filter((i) => human[i] === verdict);
    return surveyShare({
      values: rows.map((i) => value(judge[i]!)),
      weights: rows.map((i) => weights[i]!),
      clusters: rows.map((i) => clusters[i]!),
    });
  };
  return {
    sensitivity: among(1, (judged) => judged),
    specificity: among(0, (judged) => 1 - judged),
  };
}
