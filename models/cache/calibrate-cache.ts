import { createRandom } from "../../datasets/random.js";
import type { CacheItem } from "./cache-item.js";
import { certifySegments, type SegmentThreshold } from "./certify-segments.js";
import type { UsrPromise } from "./certify-usr.js";
import { chooseFloor, fitOfferScore, type LabelledOffer, type OfferScore } from "./offer-score.js";
import { type Offer, type OfferOptions, openOffers } from "./open-offers.js";
import { sampleSegments } from "./sample-segments.js";

/** What the score learns from.
 * - answers: whether the log's own answers to both requests are the same; costs no label
 * - labels: a part of the labels, which then certify nothing
 * - nothing: the cosine is the score */
export const scoreSources = ["answers", "labels", "nothing"] as const;
export type ScoreSource = (typeof scoreSources)[number];

/** How a cache is calibrated. */
export interface CalibrateOptions extends OfferOptions, UsrPromise {
  /** Offers to check at most. */
  labels: number;
  seed: number;
  /** Null = the answers where the log holds them for most offers and both kinds occur, else labels. */
  learnFrom: ScoreSource | null;
  /** Makes the offers; default the cache that all items fill. Give it where one set of offers is calibrated on in several ways. */
  offerTo?: (item: CacheItem) => Offer;
  /** Whether the offered answer is wrong for the request: a judge, a person, or the known truth. Asked once per offer. */
  check: (offer: Offer & { entry: CacheItem }) => boolean;
}

/** Certified thresholds with the score that they are on. */
export interface CacheCalibration {
  score: OfferScore;
  learntFrom: ScoreSource;
  /** Whether the log's answers were known to the score's features. */
  readsAnswers: boolean;
  /** No label was spent below this score. */
  floor: number;
  segments: SegmentThreshold[];
  labelsUsed: number;
  /** Of them, those that taught the score. */
  labelsForScore: number;
  /** Requests that certificates speak of, and of them those above the floor. */
  requests: number;
  pooled: number;
}

/** Requests that are scored at most: half of them to learn from, half to certify on. */
const mostAsked = 40_000;
/** Share of the labels that the score takes when it has nothing else to learn from. */
const scoreShare = 0.3;

/** Learn a same-answer score and certify thresholds for it on one part of a log. The requests are divided at random: one half
 * teaches the score and sets the floor, the other is checked. So the certificates hold for any score.
 * @param items all requests of that part, in the order of time; they fill the cache */
export async function calibrateCache(
  items: readonly CacheItem[],
  options: CalibrateOptions,
): Promise<CacheCalibration> {
  const asked = createRandom(options.seed)
    .shuffle([...items])
    .slice(0, mostAsked);
  const half = Math.floor(asked.length / 2);
  const offerTo = options.offerTo ?? openOffers(items, options);
  const lessons = asked.slice(0, half).map(offerTo);
  const source = options.learnFrom ?? chooseSource(lessons);
  const { labelled, paid, requests } = takeLessons(lessons, source, options);
  const score = await fitOfferScore(labelled, source === "nothing" ? "cosine" : "pair_model");
  const floor = chooseFloor(labelled, score, { alpha: options.alpha, requests });
  const exam = asked.slice(half).map(offerTo);
  const pool = exam.filter((offer) => offer.tier !== "none" && score.of(offer) >= floor);
  const checked = new Set<Offer>(pool.slice(0, Math.max(0, options.labels - paid)));
  const pooled = new Set<Offer>(pool);
  const samples = sampleSegments(
    exam.map((offer) => ({
      segment: offer.item.segment,
      pooledScore: pooled.has(offer) ? score.of(offer) : null,
      isWrong: offer.tier !== "none" && checked.has(offer) ? options.check(offer) : null,
    })),
  );
  return {
    score,
    learntFrom: source,
    readsAnswers: items.some(({ answerGroup }) => answerGroup >= 0),
    floor,
    segments: certifySegments(samples, options),
    labelsUsed: paid + checked.size,
    labelsForScore: paid,
    requests: exam.length,
    pooled: pool.length,
  };
}

/** Least share of the offers whose answers are both logged, and least share of either outcome. */
const mostlyLogged = 0.9;
const leastOutcome = 0.02;

function chooseSource(lessons: readonly Offer[]): ScoreSource {
  const semantic = lessons.filter((offer) => offer.tier === "semantic");
  const logged = fromAnswers(lessons);
  const same = logged.filter(({ isSame }) => isSame).length / Math.max(1, logged.length);
  const isTold = logged.length >= mostlyLogged * semantic.length;
  return isTold && Math.min(same, 1 - same) >= leastOutcome ? "answers" : "labels";
}

/** Labels to learn from: how many were paid for, and how many requests they stand for. */
function takeLessons(lessons: readonly Offer[], source: ScoreSource, { labels, check }: CalibrateOptions) {
  if (source === "answers") return { labelled: fromAnswers(lessons), paid: 0, requests: lessons.length };
  const budget = source === "labels" ? Math.floor(labels * scoreShare) : 0;
  const labelled: LabelledOffer[] = [];
  let requests = 0;
  for (const offer of lessons) {
    if (labelled.length >= budget) break;
    requests += 1;
    if (offer.tier === "semantic") labelled.push({ offer, isSame: !check(offer) });
  }
  return { labelled, paid: labelled.length, requests };
}

function fromAnswers(lessons: readonly Offer[]): LabelledOffer[] {
  const labelled: LabelledOffer[] = [];
  for (const offer of lessons) {
    if (offer.tier !== "semantic" || offer.item.answerGroup < 0 || offer.entry.answerGroup < 0) continue;
    labelled.push({ offer, isSame: offer.item.answerGroup === offer.entry.answerGroup });
  }
  return labelled;
}
