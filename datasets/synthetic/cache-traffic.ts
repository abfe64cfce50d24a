import type { StreamItem } from "../cache-stream.js";
import { createRandom, type Random } from "../random.js";
import {
  lookAlikeOf,
  paraphrases,
  plainQuestion,
  plainQuestions,
  type QuestionMeaning,
  segmentOfQuestion,
  writeQuestion,
} from "./cache-questions.js";
import { createZipf } from "./zipf.js";

/** What to generate. Shares are from 0 to 1. */
export interface CacheTrafficOptions {
  requests: number;
  seed: number;
  /** Tenants, who ask the same questions and get answers of their own; the first sends most. */
  tenants?: number;
  /** Questions that are asked, at most {@link plainQuestions}; as many again look like them. */
  questions?: number;
  /** Exponent of the questions' Zipf distribution. */
  skew?: number;
  /** Exponent of the wordings' Zipf distribution: the higher, the more requests are equal. */
  wordingSkew?: number;
  /** Share of questions that have a look-alike from the start. */
  lookAlikes?: number;
  /** Place in the stream from which `driftedLookAlikes` of the questions have a look-alike; null = never. */
  driftAt?: number | null;
  driftedLookAlikes?: number;
  /** Share of questions whose right answer changes every `answerLifeS` seconds. */
  changing?: number;
  answerLifeS?: number;
  /** Mean of the (exponential) time between two requests, seconds. */
  gapS?: number;
}

/** Defaults of the generated traffic. */
export const cacheTrafficDefaults = {
  tenants: 3,
  questions: 2_000,
  skew: 1,
  wordingSkew: 1,
  lookAlikes: 0.1,
  driftAt: null,
  driftedLookAlikes: 0.6,
  changing: 0.1,
  answerLifeS: 7 * 86_400,
  gapS: 30,
} as const satisfies Partial<CacheTrafficOptions>;

/** Share of a question's requests that are really about its look-alike. */
const lookAlikeTraffic = 0.4;
const startUs = Date.UTC(2026, 0, 1) * 1_000;

/** Generate synthetic traffic to a helpdesk whose right answers are known: Zipf repeats of questions in many wordings, questions that differ in
 * one word and need another answer, drift, answers that change at known times, and tenants. Two requests have one `answer_key`
 * exactly if they are of one tenant, mean the same, and stand between the same two changes. Everything is made up, and ids and tenants
 * say so. The same options give the same stream; it is made as it is read, so its length costs no memory.
 * @throws {RangeError} if there are more questions than can be asked */
export function* plantedCacheTraffic(options: CacheTrafficOptions): Generator<StreamItem> {
  const settings = { ...cacheTrafficDefaults, ...options };
  if (!(settings.questions >= 1 && settings.questions <= plainQuestions)) {
    throw new RangeError(`questions is ${settings.questions}; give 1 to ${plainQuestions}`);
  }
  const random = createRandom(settings.seed);
  const planted = plantQuestions(random, settings);
  const drawQuestion = createZipf(settings.questions, settings.skew);
  const drawWording = createZipf(paraphrases, settings.wordingSkew);
  const drawTenant = createZipf(settings.tenants, 1);
  let seconds = 0;
  for (let place = 0; place < settings.requests; place++) {
    seconds -= Math.log(1 - random.uniform()) * settings.gapS;
    const question = planted[drawQuestion(random)]!;
    const isDrifted = settings.driftAt !== null && place >= settings.driftAt;
    const hasLookAlike = question.lot < (isDrifted ? settings.driftedLookAlikes : settings.lookAlikes);
    const isLookAlike = random.uniform() < lookAlikeTraffic && hasLookAlike;
    const meaning = isLookAlike ? lookAlikeOf(question.meaning) : question.meaning;
    const wording = (drawWording(random) + question.firstWording) % paraphrases;
    const tenant = `synthetic-tenant-${drawTenant(random) + 1}`;
    yield {
      id: `synthetic-${place}`,
      text: writeQuestion(meaning, wording),
      tenant,
      segment: segmentOfQuestion(meaning),
      created_at: startUs + Math.round(seconds * 1e6),
      system: null,
      history: [],
      answer_key: answerKey(tenant, meaning, question, seconds / settings.answerLifeS),
    };
  }
}

interface PlantedQuestion {
  meaning: QuestionMeaning;
  /** Uniform in [0, 1): it has a look-alike if the share of those that have one is larger. */
  lot: number;
  /** Its most frequent wording. */
  firstWording: number;
  /** Part of an answer's life that is over when the stream starts; null = the answer never changes. */
  phase: number | null;
}

/** The questions, the most frequent first. */
function plantQuestions(
  random: Random,
  { questions, changing }: { questions: number; changing: number },
): PlantedQuestion[] {
  const numbers = random.shuffle(Uint32Array.from({ length: plainQuestions }, (_, number) => number));
  return Array.from(numbers.subarray(0, questions), (number) => ({
    meaning: plainQuestion(number),
    lot: random.uniform(),
    firstWording: random.below(paraphrases),
    phase: random.uniform() < changing ? random.uniform() : null,
  }));
}

/** @param lives how many answers' lives have passed since the stream's start */
function answerKey(
  tenant: string,
  { pair, isOpposite, object, family, value }: QuestionMeaning,
  { phase }: PlantedQuestion,
  lives: number,
): string {
  const version = phase === null ? 0 : Math.floor(lives + phase);
  return `${tenant}/${pair}${isOpposite ? "-" : "+"}/${object}/${family}.${value}/v${version}`;
}
