import type { Estimate } from "@signalbox/runtime";
import type { JudgeAgreement } from "../../datasets/judge-calibration.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { cohenKappa } from "../../models/statistics/cohen-kappa.js";
import { type JudgedRows, judgeAccuracy } from "../../models/statistics/judge-accuracy.js";
import type { SurveyShare } from "../../models/statistics/survey-share.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { groupBy } from "./group-by.js";
import type { JudgedPair } from "./judged-pairs.js";
import { type RatedPair, verdictOf } from "./rated-pairs.js";

/** How the judge agrees with humans on rated pairs: kappa, error rates and the table of verdicts, all weighted to the population. */
export function judgeAgreement(pairs: readonly JudgedPair[], rated: readonly RatedPair[]): JudgeAgreement {
  const twice = twiceJudged(rated);
  const { sensitivity, specificity } = judgeAccuracy(judgedRows(pairs, rated));
  const about = "share of the pairs that humans call";
  return {
    pairs: rated.length,
    kappa: kappaEstimate(
      cohenKappa({ ...twice, first: twice.judge, second: twice.human }),
      rated.length,
      "judge against human, Cohen's kappa with linear weights for ties",
    ),
    tpr: exactEstimate(sensitivity, rated, 1, `${about} sufficient`),
    tnr: exactEstimate(specificity, rated, 0, `${about} insufficient`),
    tpr_wilson: wilsonEstimate(sensitivity, rated, 1, `${about} sufficient`),
    tnr_wilson: wilsonEstimate(specificity, rated, 0, `${about} insufficient`),
    confusion: confusionOf(rated),
  };
}

/** Columns of rated pairs; a weight is the pair's own times the inverse of its chance of being rated. */
export function twiceJudged(rated: readonly RatedPair[]): {
  judge: number[];
  human: number[];
  weights: number[];
  clusters: Int32Array;
} {
  return {
    judge: rated.map(({ pair }) => pair.quality),
    human: rated.map(({ quality }) => quality),
    weights: rated.map(({ pair, inclusion }) => pair.weight / inclusion),
    clusters: numberClusters(rated.map(({ pair }) => pair.session)),
  };
}

/** Columns of judged pairs, with the human verdict where there is one. */
export function judgedRows(pairs: readonly JudgedPair[], rated: readonly RatedPair[]): JudgedRows {
  const ratingOf = new Map(rated.map((rating) => [rating.pair.pair_id, rating]));
  const ratings = pairs.map(({ pair_id }) => ratingOf.get(pair_id));
  return {
    judge: pairs.map(({ quality }) => quality),
    human: ratings.map((rating) => rating?.quality ?? null),
    inclusion: ratings.map((rating) => rating?.inclusion ?? 1),
    weights: pairs.map(({ weight }) => weight),
    clusters: numberClusters(pairs.map(({ session }) => session)),
  };
}

/** A kappa as an estimate. */
export function kappaEstimate(kappa: Interval | null, n: number, what: string): Estimate | null {
  return kappa && { ...kappa, method: `${what}; weighted, linearised 95 %, clustered by session`, n };
}

function exactEstimate(
  share: SurveyShare | null,
  rated: readonly RatedPair[],
  verdict: 0 | 1,
  what: string,
): Estimate | null {
  return (
    share && {
      ...share.exact,
      method: `${what}; weighted, exact (Clopper-Pearson) 95 % at ${share.effectiveRows.toFixed(0)} effective rows`,
      n: rated.filter(({ quality }) => quality === verdict).length,
    }
  );
}

function wilsonEstimate(
  share: SurveyShare | null,
  rated: readonly RatedPair[],
  verdict: 0 | 1,
  what: string,
): Estimate | null {
  return (
    share && {
      ...share.wilson,
      method: `${what}; weighted, Wilson 95 % at ${share.effectiveRows.toFixed(0)} effective rows`,
      n: rated.filter(({ quality }) => quality === verdict).length,
    }
  );
}

function confusionOf(rated: readonly RatedPair[]): JudgeAgreement["confusion"] {
  const cells = groupBy(rated, ({ pair, quality }) => `${quality} ${pair.quality}`);
  return [...cells]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([, pairs]) => ({
      human: verdictOf(pairs[0]!.quality),
      judge: verdictOf(pairs[0]!.pair.quality),
      pairs: pairs.length,
      weight: pairs.reduce((sum, { pair, inclusion }) => sum + pair.weight / inclusion, 0),
    }));
}
