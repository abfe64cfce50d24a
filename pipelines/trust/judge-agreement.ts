import type { Estimate } from "@signalbox/runtime";
import type { JudgeAgreement } from "../../datasets/judge-calibration.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { cohenKappa } from "../../models/statistics/cohen-kappa.js";
import { judgeAccuracy, type TwiceJudged } from "../../models/statistics/judge-accuracy.js";
import type { SurveyShare } from "../../models/statistics/survey-share.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { groupBy } from "./group-by.js";
import { type RatedPair, verdictOf } from "./rated-pairs.js";

/** How the judge agrees with humans on rated pairs: kappa, error rates and the table of verdicts, all weighted to the population. */
export function judgeAgreement(rated: readonly RatedPair[]): JudgeAgreement {
  const twice = twiceJudged(rated);
  const { sensitivity, specificity } = judgeAccuracy(twice);
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
export function twiceJudged(rated: readonly RatedPair[]): TwiceJudged {
  return {
    judge: rated.map(({ pair }) => pair.quality),
    human: rated.map(({ quality }) => quality),
    weights: rated.map(({ pair, inclusion }) => pair.weight / inclusion),
    clusters: numberClusters(rated.map(({ pair }) => pair.session)),
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
