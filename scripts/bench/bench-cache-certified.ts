import { createRandom } from "../../datasets/random.js";
import type { CacheItem } from "../../models/cache/cache-item.js";
import {
  type CacheCalibration,
  calibrateCache,
  type ScoreSource,
} from "../../models/cache/calibrate-cache.js";
import type { Offer } from "../../models/cache/open-offers.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";

/** A way to calibrate. */
export interface CertifiedVariant {
  name: string;
  about: string;
  learnFrom: ScoreSource;
  /** What the log holds of its answers: which are the same; the same with a fifth of them taken for others; nothing. */
  answers: "known" | "noisy" | "unknown";
  /** Share of wrong offers that the judge takes for right. */
  phi: number;
  /** Whether the calibration is told a bound of phi. */
  isAccounted: boolean;
  /** On which splits it is run: all, the first half, or those that make the hit tables. */
  splits: "all" | "half" | "tables";
}

const exactJudge = { phi: 0, isAccounted: false, splits: "all" } as const;
const byAnswers = { learnFrom: "answers", answers: "known", splits: "half" } as const;

/** The ways that are compared. */
export const certifiedVariants: readonly CertifiedVariant[] = [
  { name: "ours_answers", about: "ours, score learnt from the log's answers", ...byAnswers, ...exactJudge },
  {
    name: "ours_labels",
    about: "ours, 300 of the labels teach the score",
    learnFrom: "labels",
    answers: "known",
    ...exactJudge,
  },
  { name: "ours_cosine", about: "ours, cosine only", learnFrom: "nothing", answers: "known", ...exactJudge },
  {
    name: "ours_noisy",
    about: "ours, a fifth of the log's answers taken for others",
    learnFrom: "answers",
    answers: "noisy",
    ...exactJudge,
    splits: "tables",
  },
  {
    name: "ours_unknown",
    about: "ours, answers not logged, 300 of the labels teach the score",
    learnFrom: "labels",
    answers: "unknown",
    ...exactJudge,
    splits: "tables",
  },
  {
    name: "judge_5",
    about: "judge accepts 5 % of wrong ones, accounted for",
    ...byAnswers,
    phi: 0.05,
    isAccounted: true,
  },
  {
    name: "judge_10",
    about: "judge accepts 10 % of wrong ones, accounted for",
    ...byAnswers,
    phi: 0.1,
    isAccounted: true,
  },
  {
    name: "judge_5_ignored",
    about: "judge accepts 5 %, not accounted for",
    ...byAnswers,
    phi: 0.05,
    isAccounted: false,
  },
  {
    name: "judge_10_ignored",
    about: "judge accepts 10 %, not accounted for",
    ...byAnswers,
    phi: 0.1,
    isAccounted: false,
  },
];

/** Labels that a calibration may use, and the probability with which it may promise too much. */
export const certifiedLabels = 1_000;
export const certifiedDelta = 0.1;
/** Wrong pairs that are labelled twice to know the judge. */
const judgedTwice = 300;
const noisyShare = 0.2;

/** The requests as the log of a variant shows them. */
export function asLogged<Item extends CacheItem>(
  items: readonly Item[],
  answers: CertifiedVariant["answers"],
  seed: number,
): Item[] {
  const random = createRandom(seed);
  return items.map((item, i) => {
    if (answers === "known") return item;
    if (answers === "unknown") return { ...item, answerGroup: -1 };
    return random.uniform() < noisyShare ? { ...item, answerGroup: 1_000_000 + i } : item;
  });
}

/** Calibrate in one of the ways.
 * @param offerTo the offers, from the requests as this variant's log shows them */
export function calibrateVariant(
  older: readonly CacheItem[],
  { learnFrom, phi, isAccounted }: CertifiedVariant,
  {
    alpha,
    seed,
    embed,
    offerTo,
  }: {
    alpha: number;
    seed: number;
    embed: (text: string) => Float32Array;
    offerTo: (item: CacheItem) => Offer;
  },
): Promise<CacheCalibration> {
  const random = createRandom(seed ^ 0x5bd1e995);
  const accepted = Array.from({ length: judgedTwice }, () => random.uniform() < phi).filter(Boolean).length;
  return calibrateCache(older, {
    embed,
    ttlS: Infinity,
    offerTo,
    alpha,
    delta: certifiedDelta,
    labels: certifiedLabels,
    seed,
    learnFrom,
    check: ({ item, entry }) => item.truth !== entry.truth && random.uniform() >= phi,
    ...(isAccounted && {
      acceptErrorHigh: (confidence: number) => clopperPearson(accepted, judgedTwice, 2 * confidence - 1).high,
    }),
  });
}
