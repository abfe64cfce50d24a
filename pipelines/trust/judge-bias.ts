import type { Estimate } from "@signalbox/runtime";
import type { JudgeBias } from "../../datasets/judge-calibration.js";
import { clusterRatio, clusterRatioInterval, numberClusters } from "../../models/statistics/cluster-ratio.js";
import { studentQuantile } from "../../models/statistics/quantiles.js";
import { surveyShare } from "../../models/statistics/survey-share.js";
import { groupBy } from "./group-by.js";
import type { JudgedPair } from "./judged-pairs.js";
import type { RatedPair } from "./rated-pairs.js";

/** What the judge prefers besides the better answer. Places are looked for in all judged pairs, without any human; leniency and
 * length need humans as the measure, since longer answers often are better. */
export function judgeBias(pairs: readonly JudgedPair[], rated: readonly RatedPair[]): JudgeBias {
  const ordered = pairs.filter(({ flip_share }) => flip_share !== null);
  const flipped = ordered.filter(({ first_share }) => first_share !== null);
  const compared = rated.filter(({ pair }) => isLonger(pair) !== null);
  const wins = (quality: (rating: RatedPair) => number) =>
    shareOf(
      compared,
      (rating) => (isLonger(rating.pair) ? quality(rating) : 1 - quality(rating)),
      "share of rated pairs in which the longer answer was better or as good",
    );
  const judge = wins(({ pair }) => pair.quality);
  const human = wins(({ quality }) => quality);
  return {
    flip_rate: shareOf(
      ordered.map(unrated),
      ({ pair }) => pair.flip_share!,
      "share of judged pairs whose verdict changed with the order",
    ),
    first_wins: shareOf(
      flipped.map(unrated),
      ({ pair }) => pair.first_share!,
      "share of changed verdicts that favoured the first place",
    ),
    leniency: excess(rated, "judged minus human quality"),
    length_bias: lengthBias(compared),
    longer_wins: judge && human && { judge, human },
  };
}

/** Whether the judged answer is the longer one; null when a text is unknown or both are equally long. */
function isLonger({ reference_answer, candidate_answer }: JudgedPair): boolean | null {
  if (reference_answer === null || candidate_answer === null) return null;
  const more = candidate_answer.length - reference_answer.length;
  return more === 0 ? null : more > 0;
}

function unrated(pair: JudgedPair): Pick<RatedPair, "pair" | "inclusion"> {
  return { pair, inclusion: 1 };
}

function shareOf<Row extends Pick<RatedPair, "pair" | "inclusion">>(
  rows: readonly Row[],
  value: (row: Row) => number,
  what: string,
): Estimate | null {
  const share = surveyShare({
    values: rows.map(value),
    weights: rows.map(({ pair, inclusion }) => pair.weight / inclusion),
    clusters: numberClusters(rows.map(({ pair }) => pair.session)),
  });
  return (
    share && { ...share.wilson, method: `${what}; weighted, Wilson 95 % at effective rows`, n: rows.length }
  );
}

function excess(rated: readonly RatedPair[], what: string): Estimate | null {
  const mean = meanOf(rated, ({ pair, quality }) => pair.quality - quality);
  if (mean === null) return null;
  return {
    ...clusterRatioInterval(mean),
    method: `${what}; weighted mean, linearised 95 %, clustered by session`,
    n: rated.length,
  };
}

/** Judged quality of longer minus shorter answers among those that humans found equally good, averaged over the human verdicts. Without
 * that condition a harsh judge would seem to dislike length wherever longer answers are better. */
function lengthBias(compared: readonly RatedPair[]): Estimate | null {
  const strata = [...groupBy(compared, ({ quality }) => quality).values()].flatMap((alike) => {
    const [long, short] = [true, false].map((side) => {
      const rows = alike.filter(({ pair }) => isLonger(pair) === side);
      return meanOf(rows, ({ pair }) => pair.quality);
    });
    const weight = alike.reduce((sum, { pair, inclusion }) => sum + pair.weight / inclusion, 0);
    return long && short ? [{ long, short, weight }] : [];
  });
  if (strata.length === 0) return null;
  const total = strata.reduce((sum, { weight }) => sum + weight, 0);
  const value = strata.reduce(
    (sum, { long, short, weight }) => sum + (weight / total) * (long.value - short.value),
    0,
  );
  const standardError = Math.hypot(
    ...strata.flatMap(({ long, short, weight }) =>
      [long, short].map((mean) => (weight / total) * mean.standardError),
    ),
  );
  const degrees = Math.min(...strata.flatMap(({ long, short }) => [long.degrees, short.degrees]));
  const half = studentQuantile(0.975, degrees) * standardError;
  return {
    value,
    low: value - half,
    high: value + half,
    method:
      "judged quality, judged answer longer minus shorter, stratified by the human verdict; weighted, linearised 95 %, clustered by session",
    n: compared.length,
  };
}

/** Weighted mean over rated pairs; null with fewer than two sessions. */
function meanOf(
  rated: readonly RatedPair[],
  value: (rating: RatedPair) => number,
): ReturnType<typeof clusterRatio> | null {
  const weights = rated.map(({ pair, inclusion }) => pair.weight / inclusion);
  const ratio = clusterRatio(
    rated.map((rating, i) => value(rating) * weights[i]!),
    weights,
    numberClusters(rated.map(({ pair }) => pair.session)),
  );
  return ratio.clusters < 2 ? null : ratio;
}
