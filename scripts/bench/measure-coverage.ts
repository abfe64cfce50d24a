import type { Estimate } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import {
  type PlantedJudge,
  type PlantedPair,
  plantJudgements,
} from "../../datasets/synthetic/planted-judgements.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { cohenKappa } from "../../models/statistics/cohen-kappa.js";
import { correctQuality } from "../../models/statistics/correct-quality.js";
import { type JudgeAccuracy, judgeAccuracy } from "../../models/statistics/judge-accuracy.js";
import { certifyRetention } from "../../models/thresholds/certify-retention.js";
import { allocateRatings } from "../../pipelines/trust/allocate-ratings.js";
import { correctedShare } from "../../pipelines/trust/corrected-share.js";
import { groupBy } from "../../pipelines/trust/group-by.js";
import { judgeAgreement, judgedRows } from "../../pipelines/trust/judge-agreement.js";
import { judgeBias } from "../../pipelines/trust/judge-bias.js";
import type { JudgedPair } from "../../pipelines/trust/judged-pairs.js";
import { type RatedPair, ratingStratum, settleRatings } from "../../pipelines/trust/rated-pairs.js";

/** What one estimate did over all seeds. */
export interface Coverage {
  estimate: string;
  truth: number;
  /** Share of seeds whose 95 % interval held the truth. */
  covered: number;
  /** Mean of the estimates less the truth, and mean width of the intervals. */
  bias: number;
  width: number;
}

/** What the certified promise did over all seeds. */
export interface PromiseKept {
  /** Share of seeds in which the certified threshold keeps the promise on fresh requests, or none was certified. */
  held: number;
  certified: number;
}

/** How often estimates from judged pairs hold, in a world whose truth is known. */
export interface CoverageResult {
  estimates: Coverage[];
  /** Certified on raw verdicts, and on corrected quality; null when nothing was to be certified. */
  promises: { raw: PromiseKept; corrected: PromiseKept } | null;
}

/** Label the same planted world anew with each seed, have some pairs rated, and see which intervals hold the truth. The functions are those
 * that label calibrate and train use; world, judge and humans are simulations.
 * @param sessions sampled from in each seed
 * @param ratings human ratings in each seed
 * @param certify whether to certify a threshold as well, which takes most of the time */
export function measureCoverage(options: {
  judge: PlantedJudge;
  seeds: number;
  sessions: number;
  ratings: number;
  certify: boolean;
}): CoverageResult {
  const { judge, seeds, certify } = options;
  const world = plantJudgements({ judge, sessions: worldSessions, seed: -1, isSampled: false });
  const truth = truthOf(world);
  const found = new Map<string, Estimate[]>();
  const promises = { raw: [] as Array<number | null>, corrected: [] as Array<number | null> };
  for (let seed = 1; seed <= seeds; seed++) {
    const sample = judgeAndRate({ ...options, seed });
    for (const [name, estimate] of Object.entries(estimatesOf(sample)))
      if (estimate) found.set(name, [...(found.get(name) ?? []), estimate]);
    if (certify) {
      promises.raw.push(certifiedRetention(sample, sample.raw, 1, world));
      promises.corrected.push(certifiedRetention(sample, sample.corrected, sample.lossUnit, world));
    }
  }
  return {
    estimates: [...found].map(([estimate, values]) => coverageOf(estimate, truth[estimate]!, values)),
    promises: certify ? { raw: promiseKept(promises.raw), corrected: promiseKept(promises.corrected) } : null,
  };
}

/** Enough that the world's own noise is far below any interval. */
const worldSessions = 100_000;

/** Sufficiency at which the fixed router of retention and saving lets the cheap model answer. */
const dial = 0.85;

const promised = { retention: 0.98, confidence: 0.95 };

interface JudgedSample {
  planted: PlantedPair[];
  pairs: JudgedPair[];
  rated: RatedPair[];
  raw: Float64Array;
  corrected: Float64Array;
  lossUnit: number;
  weights: Float64Array;
  clusters: Int32Array;
  /** The judge's error rates as found in another sample, for what needs independent ones. */
  elsewhere: JudgeAccuracy;
}

type SampleOptions = Pick<Parameters<typeof measureCoverage>[0], "judge" | "sessions" | "ratings"> & {
  seed: number;
};

function judgeAndRate(options: SampleOptions): JudgedSample {
  const { judge, sessions, ratings, seed } = options;
  const planted = plantJudgements({ judge, sessions, seed });
  const pairs = planted.map(judgedPair);
  const rated = rate(pairs, planted, ratings, seed);
  const ratingOf = new Map(rated.map((rating) => [rating.pair.pair_id, rating]));
  const corrected = correctQuality(
    pairs.map(({ pair_id, quality }) => {
      const rating = ratingOf.get(pair_id);
      return { judge: quality, human: rating?.quality ?? null, inclusion: rating?.inclusion ?? 1 };
    }),
  );
  return {
    planted,
    pairs,
    rated,
    raw: Float64Array.from(pairs, ({ quality }) => quality),
    corrected,
    lossUnit: Math.max(...rated.map(({ inclusion }) => 1 / inclusion)),
    weights: Float64Array.from(pairs, ({ weight }) => weight),
    clusters: Int32Array.from(planted, ({ session }) => session),
    elsewhere: accuracyElsewhere(options),
  };
}

function accuracyElsewhere({ judge, sessions, ratings, seed }: SampleOptions): JudgeAccuracy {
  const planted = plantJudgements({ judge, sessions, seed: 1_000_000 + seed });
  const pairs = planted.map(judgedPair);
  return judgeAccuracy(judgedRows(pairs, rate(pairs, planted, ratings, 1_000_000 + seed)));
}

function judgedPair(planted: PlantedPair, row: number): JudgedPair {
  return {
    pair_id: String(row),
    request_id: String(row),
    candidate: "cheap",
    quality: planted.judge,
    is_exact: false,
    weight: 1 / planted.inclusion,
    session: String(planted.session),
    flip_share: Number(planted.judge === 0.5),
    first_share: planted.judge === 0.5 ? 1 : null,
    tier: null,
    is_stakes: null,
    content_state: null,
    system_text: null,
    history_json: null,
    user_text: null,
    reference_answer: "..",
    candidate_answer: planted.isLonger ? "..." : ".",
  };
}

/** Ratings as label sheet draws them, by humans who are the truth. */
function rate(
  pairs: readonly JudgedPair[],
  planted: readonly PlantedPair[],
  ratings: number,
  seed: number,
): RatedPair[] {
  const random = createRandom(100_000 + seed);
  const groups = [...groupBy(pairs, ratingStratum).values()];
  const sizes = allocateRatings(
    groups.map((group) => group.length),
    ratings,
  );
  const drawn = groups.flatMap((group, i) => random.shuffle([...group]).slice(0, sizes[i]));
  return settleRatings(
    pairs,
    drawn.map((pair) => ({
      pair,
      quality: planted[Number(pair.pair_id)]!.human,
      tier: null,
      isStakes: null,
      rater: "planted",
      inclusion: null,
    })),
  );
}

function estimatesOf(sample: JudgedSample): Record<string, Estimate | null> {
  const { pairs, rated, planted } = sample;
  const own = judgeAccuracy(judgedRows(pairs, rated));
  const share = correctedShare("cheap", pairs, rated, own);
  const agreement = judgeAgreement(pairs, rated);
  const bias = judgeBias(pairs, rated);
  const strong = planted.map(({ strongUsd }) => strongUsd);
  return {
    sufficient_raw: share.raw,
    sufficient_rogan_gladen: correctedShare("cheap", pairs, [], sample.elsewhere).rogan_gladen,
    sufficient_ppi: share.prediction_powered,
    retention_raw: ratio(sample, routed(planted, sample.raw)),
    retention: ratio(sample, routed(planted, sample.corrected)),
    retention_rogan_gladen: roganGladenRetention(sample),
    saving: ratio(
      sample,
      planted.map(({ cheapUsd, strongUsd, sufficiency }) => (sufficiency >= dial ? strongUsd - cheapUsd : 0)),
      strong,
    ),
    kappa: agreement.kappa,
    tpr: agreement.tpr,
    tnr: agreement.tnr,
    flip_rate: bias.flip_rate,
    leniency: bias.leniency,
    length_bias: bias.length_bias,
  };
}

/** Quality under the fixed router; the strong model's is 1 by definition. */
function routed(planted: readonly PlantedPair[], quality: ArrayLike<number>): number[] {
  return planted.map(({ sufficiency }, i) => (sufficiency >= dial ? quality[i]! : 1));
}

/** What dividing by TPR + TNR - 1 makes of the routed rows: it takes the judge to err there as it does elsewhere. */
function roganGladenRetention({ planted, pairs, weights, elsewhere }: JudgedSample): Estimate | null {
  const isRouted = planted.map(({ sufficiency }) => sufficiency >= dial);
  const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  const share = sumOf(weights.filter((_, row) => isRouted[row])) / sumOf(weights);
  const quality = correctedShare(
    "cheap",
    pairs.filter((_, row) => isRouted[row]),
    [],
    elsewhere,
  ).rogan_gladen;
  const retained = (routedQuality: number) => 1 - share * (1 - routedQuality);
  return (
    quality && {
      ...quality,
      value: retained(quality.value),
      low: retained(quality.low),
      high: retained(quality.high),
    }
  );
}

function ratio(
  { weights, clusters }: JudgedSample,
  top: readonly number[],
  bottom: readonly number[] = top.map(() => 1),
): Estimate {
  const weighted = (values: readonly number[]) => values.map((value, i) => value * weights[i]!);
  return {
    ...clusterRatioInterval(clusterRatio(weighted(top), weighted(bottom), clusters)),
    method: "cluster-robust ratio",
    n: top.length,
  };
}

/** The same figures over the whole world, each pair rated and none weighted. */
function truthOf(world: readonly PlantedPair[]): Record<string, number> {
  const mean = (rows: readonly PlantedPair[], value: (row: PlantedPair) => number) =>
    rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const humans = [0, 1].map((verdict) => world.filter(({ human }) => human === verdict));
  const lengthGap = (rows: readonly PlantedPair[]) => {
    const [longer, shorter] = [true, false].map((side) => rows.filter(({ isLonger }) => isLonger === side));
    return mean(longer!, ({ judge }) => judge) - mean(shorter!, ({ judge }) => judge);
  };
  const sufficient = mean(world, ({ human }) => human);
  const retention = retentionAt(world, dial);
  const strongUsd = mean(world, (row) => row.strongUsd);
  return {
    sufficient_raw: sufficient,
    sufficient_rogan_gladen: sufficient,
    sufficient_ppi: sufficient,
    retention_raw: retention,
    retention_rogan_gladen: retention,
    retention,
    saving: mean(world, (row) => (row.sufficiency >= dial ? row.strongUsd - row.cheapUsd : 0)) / strongUsd,
    kappa: cohenKappa({
      first: world.map(({ judge }) => judge),
      second: world.map(({ human }) => human),
      weights: world.map(() => 1),
      clusters: world.map(({ session }) => session),
    })!.value,
    tpr: mean(humans[1]!, ({ judge }) => judge),
    tnr: 1 - mean(humans[0]!, ({ judge }) => judge),
    flip_rate: mean(world, ({ judge }) => Number(judge === 0.5)),
    leniency: mean(world, ({ judge, human }) => judge - human),
    length_bias: humans.reduce((sum, rows) => sum + (rows.length / world.length) * lengthGap(rows), 0),
  };
}

function retentionAt(world: readonly PlantedPair[], threshold: number): number {
  const lost = world.reduce(
    (sum, { sufficiency, human }) => sum + (sufficiency >= threshold ? 1 - human : 0),
    0,
  );
  return 1 - lost / world.length;
}

/** True retention at the threshold that these labels certify; null when they certify none. */
function certifiedRetention(
  { planted, weights, clusters }: JudgedSample,
  quality: Float64Array,
  lossUnit: number,
  world: readonly PlantedPair[],
): number | null {
  const { threshold } = certifyRetention(
    {
      sufficiency: [planted.map(({ sufficiency }) => sufficiency)],
      quality: [quality],
      strongQuality: new Float64Array(planted.length).fill(1),
      clusters,
      weights,
      lossUnit,
    },
    promised,
  );
  return threshold === null ? null : retentionAt(world, threshold);
}

function promiseKept(retentions: ReadonlyArray<number | null>): PromiseKept {
  const broken = retentions.filter((retention) => retention !== null && retention < promised.retention);
  return {
    held: 1 - broken.length / retentions.length,
    certified: retentions.filter((retention) => retention !== null).length / retentions.length,
  };
}

function coverageOf(estimate: string, truth: number, values: readonly Estimate[]): Coverage {
  const mean = (of: (value: Estimate) => number) =>
    values.reduce((sum, value) => sum + of(value), 0) / values.length;
  return {
    estimate,
    truth,
    covered: mean(({ low, high }) => Number(low <= truth && truth <= high)),
    bias: mean(({ value }) => value - truth),
    width: mean(({ low, high }) => high - low),
  };
}
