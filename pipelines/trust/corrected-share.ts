import type { Estimate } from "@signalbox/runtime";
import type { CorrectedShare } from "../../datasets/judge-calibration.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { type JudgeAccuracy, judgeAccuracy } from "../../models/statistics/judge-accuracy.js";
import { predictionPowered } from "../../models/statistics/prediction-powered.js";
import { langReiczigel } from "../../models/statistics/rogan-gladen.js";
import { surveyShare } from "../../models/statistics/survey-share.js";
import { weightedShare } from "../label/weighted-share.js";
import { judgedRows } from "./judge-agreement.js";
import type { JudgedPair } from "./judged-pairs.js";
import type { RatedPair } from "./rated-pairs.js";

/** Share of the traffic for which one candidate would have done: as judged, and corrected in two ways that need different things. Rogan-Gladen
 * needs a judge that errs alike everywhere, prediction-powered inference only needs ratings picked at random.
 * @param pairs labelled pairs of the candidate, those that exact checks settled included
 * @param rated those that were rated, and all that exact checks settled
 * @param pooled error rates over all candidates, for a candidate without ratings of both kinds */
export function correctedShare(
  candidate: string,
  pairs: readonly JudgedPair[],
  rated: readonly RatedPair[],
  pooled: JudgeAccuracy,
): CorrectedShare {
  const clusters = numberClusters(pairs.map(({ session }) => session));
  const weights = pairs.map(({ weight }) => weight);
  const predictions = pairs.map(({ quality }) => quality);
  const rowOf = new Map(pairs.map(({ pair_id }, row) => [pair_id, row]));
  const powered = predictionPowered({
    predictions,
    weights,
    clusters,
    ratings: rated.map(({ pair, quality, inclusion }) => ({
      row: rowOf.get(pair.pair_id)!,
      value: quality,
      inclusion,
    })),
  });
  const ratings = rated.filter(({ pair }) => !pair.is_exact).length;
  return {
    candidate,
    judged_pairs: pairs.filter(({ is_exact }) => !is_exact).length,
    rated_pairs: ratings,
    raw: weightedShare(
      pairs.map(({ quality, weight, session }) => ({ value: quality, weight, cluster: session })),
    ),
    rogan_gladen: roganGladenEstimate(surveyShare({ values: predictions, weights, clusters }), {
      own: judgeAccuracy(judgedRows(pairs, rated)),
      pooled,
    }),
    prediction_powered: powered && {
      value: cut(powered.value),
      low: cut(powered.low),
      high: cut(powered.high),
      method: `corrected by ${ratings} human ratings: prediction-powered (PPI++), weighted, 95 %, clustered by session`,
      n: pairs.length,
    },
    lambda: powered?.lambda ?? null,
  };
}

function roganGladenEstimate(
  apparent: ReturnType<typeof surveyShare>,
  { own, pooled }: { own: JudgeAccuracy; pooled: JudgeAccuracy },
): Estimate | null {
  const isOwn = own.sensitivity !== null && own.specificity !== null;
  const { sensitivity, specificity } = isOwn ? own : pooled;
  if (apparent === null || sensitivity === null || specificity === null) return null;
  const rowed = ({ value, effectiveRows }: NonNullable<typeof apparent>) => ({ value, rows: effectiveRows });
  const share = langReiczigel({
    apparent: rowed(apparent),
    sensitivity: rowed(sensitivity),
    specificity: rowed(specificity),
  });
  const rates = `TPR ${sensitivity.value.toFixed(3)}, TNR ${specificity.value.toFixed(3)}${isOwn ? "" : " of all candidates"}`;
  return (
    share && {
      ...share,
      method: `corrected by Rogan-Gladen, ${rates}; Lang and Reiczigel's 95 % at effective rows`,
      n: Math.round(apparent.effectiveRows),
    }
  );
}

function cut(share: number): number {
  return Math.min(1, Math.max(0, share));
}
