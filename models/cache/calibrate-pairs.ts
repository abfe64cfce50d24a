import { createRandom } from "../../datasets/random.js";
import type { CacheCalibration, ScoreSource } from "./calibrate-cache.js";
import { certifySegments } from "./certify-segments.js";
import type { UsrPromise } from "./certify-usr.js";
import { fitOfferScore, type LabelledOffer, type RankedOffer } from "./offer-score.js";
import { sampleSegments } from "./sample-segments.js";

/** A request of a replay with the offer that it was made. */
export interface ReplayedOffer {
  segment: string;
  offer: RankedOffer;
  /** Whether the log's own answers to both are the same; null = one isn't known. */
  isSameAnswer: boolean | null;
  label: OfferLabel | null;
}

/** What a judge or a person said of an offer. */
export interface OfferLabel {
  isSame: boolean;
  /** Probability with which it was drawn, in (0, 1]; null when it belongs to no random sample, and only teaches. */
  inclusionProbability: number | null;
}

/** How labelled offers are calibrated on. */
export interface CalibratePairsOptions extends UsrPromise {
  seed: number;
  learnFrom: ScoreSource | null;
  /** Cosine below which no offer was labelled; none is served. */
  floorCosine: number;
}

/** Share of the random sample that teaches when there is nothing else to learn from. */
const lessonShare = 0.3;
/** Least unlabelled offers whose answers are logged, to learn from these. */
const leastLogged = 200;
const leastOutcome = 0.02;

/** Learn a same-answer score and certify thresholds from labelled offers of a replay. Labels drawn with unequal probabilities are thinned
 * to a uniform sample, on which the certificates rest; those thinned out, and labels of no random sample, teach the score. */
export async function calibratePairs(
  offers: readonly ReplayedOffer[],
  options: CalibratePairsOptions,
): Promise<CacheCalibration> {
  const random = createRandom(options.seed);
  const { uniform, spare } = thin(offers, () => random.uniform());
  const logged = offers.flatMap((row) => (row.label === null ? lessonOf(row, row.isSameAnswer) : []));
  const source = options.learnFrom ?? chooseSource(logged);
  const checked = random.shuffle([...uniform]);
  const paid =
    source === "labels" && spare.length === 0
      ? checked.splice(0, Math.floor(checked.length * lessonShare))
      : [];
  const taught = [...spare, ...paid];
  const lessons = source === "answers" ? logged : taught.flatMap((row) => lessonOf(row, row.label!.isSame));
  const score = await fitOfferScore(lessons, source === "nothing" ? "cosine" : "pair_model");
  const certifying = new Set(checked);
  const samples = sampleSegments(
    offers.map((row) => ({
      segment: row.segment,
      pooledScore:
        row.offer.tier === "semantic" && row.offer.cosine >= options.floorCosine ? score.of(row.offer) : null,
      isWrong: certifying.has(row) ? !row.label!.isSame : null,
    })),
  );
  const labels = source === "labels" ? taught.length : 0;
  return {
    score,
    learntFrom: source,
    readsAnswers: offers.some(({ isSameAnswer }) => isSameAnswer !== null),
    floor: options.floorCosine,
    segments: certifySegments(samples, options),
    labelsUsed: labels + checked.length,
    labelsForScore: labels,
    requests: offers.length,
    pooled: [...samples.values()].reduce((sum, { pool }) => sum + pool.length, 0),
  };
}

function chooseSource(logged: readonly LabelledOffer[]): ScoreSource {
  const same = logged.filter(({ isSame }) => isSame).length / Math.max(1, logged.length);
  return logged.length >= leastLogged && Math.min(same, 1 - same) >= leastOutcome ? "answers" : "labels";
}

/** Keep each labelled offer with the least probability over its own: what is left is as if drawn uniformly. */
function thin(offers: readonly ReplayedOffer[], uniform: () => number) {
  const labelled = offers.filter(({ label }) => label !== null);
  const least = labelled.reduce((low, { label }) => Math.min(low, label!.inclusionProbability ?? 1), 1);
  const kept: ReplayedOffer[] = [];
  const spare: ReplayedOffer[] = [];
  for (const row of labelled) {
    const probability = row.label!.inclusionProbability;
    const isKept = probability !== null && uniform() < least / probability;
    (isKept ? kept : spare).push(row);
  }
  return { uniform: kept, spare };
}

function lessonOf({ offer }: ReplayedOffer, isSame: boolean | null): LabelledOffer[] {
  return offer.tier === "semantic" && isSame !== null ? [{ offer, isSame }] : [];
}
