import type { Estimate } from "@signalbox/runtime";
import { DataError } from "../../datasets/errors.js";
import type { JudgeCalibration } from "../../datasets/judge-calibration.js";
import { readManifest, type Workspace, writeResult } from "../../datasets/workspace.js";
import { numberClusters } from "../../models/statistics/cluster-ratio.js";
import { cohenKappa } from "../../models/statistics/cohen-kappa.js";
import { judgeAccuracy } from "../../models/statistics/judge-accuracy.js";
import { calibrationAdvice, leastKappa } from "./calibration-advice.js";
import { correctedShare } from "./corrected-share.js";
import { groupBy } from "./group-by.js";
import { judgeAgreement, judgedRows, kappaEstimate, twiceJudged } from "./judge-agreement.js";
import { judgeBias } from "./judge-bias.js";
import { type JudgedPair, readJudgedPairs } from "./judged-pairs.js";
import { exactRatings, type RatedPair, ratingStratum, settleRatings } from "./rated-pairs.js";
import { type HumanRating, readRatings } from "./read-ratings.js";

/** Hold a workspace's judged verdicts against human ones: results/judge_calibration.json. Training reads it and corrects judged quality by
 * the ratings in it.
 * @param files human verdicts, JSONL or CSV: see {@link readRatings}
 * @throws {StageError} if nothing was judged
 * @throws {DataError} if no row of the files belongs to a judged pair */
export async function calibrateJudge(
  workspace: Workspace,
  files: readonly string[],
): Promise<JudgeCalibration> {
  const { pairs: labelled, judgedBy } = await readJudgedPairs(workspace);
  const pairs = labelled.filter(({ is_exact }) => !is_exact);
  const human = await readRatings(files, pairs);
  if (human.ratings.length === 0) throw new DataError(nothingMatched(human.rows, human.unused));
  const rated = settleRatings(pairs, human.ratings);
  const candidates = [...new Set(pairs.map(({ candidate }) => candidate))].sort();
  const known = [...rated, ...exactRatings(labelled)];
  const pairsOf = (candidate: string) => pairs.filter((pair) => pair.candidate === candidate);
  const ratedOf = (candidate: string) => rated.filter(({ pair }) => pair.candidate === candidate);
  const pooled = judgeAccuracy(judgedRows(labelled, known));
  const overall = judgeAgreement(pairs, rated);
  const bias = judgeBias(pairs, rated);
  const result: JudgeCalibration = {
    schema_version: 1,
    judges: judgedBy.judges,
    rubrics: judgedBy.rubrics,
    is_simulated: judgedBy.isSimulated,
    labelled_at: readManifest(workspace, "label")?.completed_at ?? null,
    human: {
      files: [...files],
      rows: human.rows,
      matched: human.ratings.length,
      raters: [...new Set(human.ratings.map(({ rater }) => rater))].sort(),
      unused: human.unused,
      rater_kappa: raterKappa(human.ratings),
    },
    overall,
    by_candidate: candidates.map((candidate) => ({
      candidate,
      ...judgeAgreement(pairsOf(candidate), ratedOf(candidate)),
    })),
    tier_kappa: flagKappa(rated, "tier", ({ pair, tier }) => [pair.tier, tier], 2),
    stakes_kappa: flagKappa(
      rated,
      "stakes",
      ({ pair, isStakes }) => [numberOf(pair.is_stakes), numberOf(isStakes)],
      1,
    ),
    bias,
    shares: candidates.map((candidate) =>
      correctedShare(
        candidate,
        labelled.filter((pair) => pair.candidate === candidate),
        known.filter(({ pair }) => pair.candidate === candidate),
        pooled,
      ),
    ),
    ratings: rated.map(({ pair, quality, inclusion }) => ({
      request_id: pair.request_id,
      candidate: pair.candidate,
      quality,
      inclusion_probability: inclusion,
    })),
    is_trusted: overall.kappa !== null && overall.kappa.value >= leastKappa,
    advice: calibrationAdvice(overall, bias),
    notes: notesOf(pairs, rated, judgedBy.isSimulated),
  };
  writeResult(workspace, "judge_calibration", result);
  return result;
}

function nothingMatched(rows: number, unused: JudgeCalibration["human"]["unused"]): string {
  const reasons = unused.map((line) => `${line.rows} ${line.reason} (${line.lines[0]})`).join("; ");
  return `none of ${rows} rows is a human verdict on a judged pair: ${reasons || "the files are empty"}; make a sheet with: signalbox label sheet`;
}

/** Kappa of the two raters who share the most pairs. */
function raterKappa(ratings: readonly HumanRating[]): Estimate | null {
  const shared = new Map<string, Array<readonly [HumanRating, HumanRating]>>();
  for (const [, group] of groupBy(ratings, ({ pair }) => pair.pair_id)) {
    const byRater = [...new Map(group.map((rating) => [rating.rater, rating])).values()].sort((a, b) =>
      a.rater < b.rater ? -1 : 1,
    );
    byRater.forEach((first, i) => {
      for (const second of byRater.slice(i + 1)) {
        const key = `${first.rater} and ${second.rater}`;
        shared.set(key, [...(shared.get(key) ?? []), [first, second]]);
      }
    });
  }
  const [most] = [...shared].sort(([, a], [, b]) => b.length - a.length);
  if (!most) return null;
  const [names, both] = most;
  const kappa = cohenKappa({
    first: both.map(([first]) => first.quality),
    second: both.map(([, second]) => second.quality),
    weights: both.map(() => 1),
    clusters: numberClusters(both.map(([{ pair }]) => pair.session)),
  });
  return kappaEstimate(kappa, both.length, `raters ${names}, Cohen's kappa with linear weights for ties`);
}

function flagKappa(
  rated: readonly RatedPair[],
  what: string,
  verdicts: (rating: RatedPair) => readonly [number | null, number | null],
  largest: number,
): Estimate | null {
  const known = rated.filter((rating) => verdicts(rating).every((verdict) => verdict !== null));
  const twice = twiceJudged(known);
  const kappa = cohenKappa({
    ...twice,
    first: known.map((rating) => verdicts(rating)[0]! / largest),
    second: known.map((rating) => verdicts(rating)[1]! / largest),
  });
  return kappaEstimate(
    kappa,
    known.length,
    `${what}, judge against human, Cohen's kappa with linear weights`,
  );
}

function numberOf(flag: boolean | null): number | null {
  return flag === null ? null : Number(flag);
}

function notesOf(pairs: readonly JudgedPair[], rated: readonly RatedPair[], isSimulated: boolean): string[] {
  const judged = groupBy(pairs, ratingStratum);
  const seen = new Set(rated.map(({ pair }) => ratingStratum(pair)));
  return [
    ...(isSimulated ? ["The judge is a simulation: nothing here is about a real model."] : []),
    ...[...judged]
      .filter(([stratum]) => !seen.has(stratum))
      .map(
        ([stratum, group]) =>
          `${group.length} pairs of ${stratum} have no rating: corrected figures do not speak for them.`,
      ),
    "A rating's inclusion probability is rated / judged among the pairs of one candidate with one verdict, unless the file states it: ratings must have been picked at random there.",
  ];
}
