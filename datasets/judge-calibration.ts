import type { Estimate } from "@signalbox/runtime";

/** How a judge's verdicts compare with humans' on the same pairs of answers. */
export interface JudgeAgreement {
  /** Pairs that a human rated. */
  pairs: number;
  /** Agreement beyond chance, linear weights for ties; null when it is not defined. */
  kappa: Estimate | null;
  /** P(judge says sufficient | humans do), and the same for insufficient: exact intervals, with Wilson's beside them. */
  tpr: Estimate | null;
  tnr: Estimate | null;
  tpr_wilson: Estimate | null;
  tnr_wilson: Estimate | null;
  /** Rated pairs by both verdicts, with the weight that they stand for in the population. */
  confusion: Array<{ human: string; judge: string; pairs: number; weight: number }>;
}

/** What a judge prefers besides the better answer. */
export interface JudgeBias {
  /** Share of pairs whose verdict changed with the order of the answers. */
  flip_rate: Estimate | null;
  /** Of those, the share in which the answer that came first won both times; 0.5 = no preference. */
  first_wins: Estimate | null;
  /** Mean of judged minus human quality: how lenient the judge is. */
  leniency: Estimate | null;
  /** How much more quality it gives the judged answer for being the longer one, among answers that humans found equally good. */
  length_bias: Estimate | null;
  /** Share of pairs in which the longer answer was found the better or as good, by the judge and by humans. */
  longer_wins: { judge: Estimate; human: Estimate } | null;
}

/** Share of the traffic for which a candidate's answer would have done, as judged and corrected. */
export interface CorrectedShare {
  candidate: string;
  judged_pairs: number;
  rated_pairs: number;
  /** As labelled: not corrected. Pairs that an exact check settled count in all shares, as they are. */
  raw: Estimate | null;
  /** Corrected by the judge's error rates; null when the judge is no better than chance. */
  rogan_gladen: Estimate | null;
  /** Corrected by the ratings of the same pairs: the one to quote. */
  prediction_powered: Estimate | null;
  /** Weight of the human-like part: 0 = ratings alone, 1 = the judge's verdicts plus their mean error. */
  lambda: number | null;
}

/** results/judge_calibration.json: judged verdicts held against human ones. */
export interface JudgeCalibration {
  schema_version: 1;
  /** Models that judged, and their rubrics. */
  judges: string[];
  rubrics: string[];
  is_simulated: boolean;
  /** When the labels were completed that this is about; labels of another time need another calibration. */
  labelled_at: string | null;
  human: {
    files: string[];
    rows: number;
    /** Rows that belong to a judged pair and hold a verdict. */
    matched: number;
    raters: string[];
    /** Rows that were not used, with the lines of the first few. */
    unused: Array<{ reason: string; rows: number; lines: string[] }>;
    /** Agreement between the two raters with the most pairs in common: a judge can hardly do better. */
    rater_kappa: Estimate | null;
  };
  overall: JudgeAgreement;
  by_candidate: Array<JudgeAgreement & { candidate: string }>;
  /** The same for tiers and stakes, where humans gave them. */
  tier_kappa: Estimate | null;
  stakes_kappa: Estimate | null;
  bias: JudgeBias;
  shares: CorrectedShare[];
  /** Rated pairs with the probability with which each came to be rated, for whatever corrects judged quality later. */
  ratings: Array<{
    request_id: string;
    candidate: string;
    quality: number;
    inclusion_probability: number;
  }>;
  /** False when agreement is too low for any claim that rests on the raw verdicts. */
  is_trusted: boolean;
  advice: string[];
  notes: string[];
}
