import { recordOf } from "../request/request-fields.js";
import { CacheReason } from "./cache-reason.js";
import { type CachedNeighbour, neighboursRead } from "./pair-features.js";
import { PreparedPrompt } from "./prepare-prompt.js";

/** A cached prompt near the new one, as the caller's cache holds it. */
export interface GivenNeighbour {
  /** Cosine of the two prompts, by the artifact's embedder. */
  similarity: number;
  prompt: string;
  /** What its answer says, as an id: equal ids = the same answer, such as a hash of it. */
  answer?: string | number | null;
  /** When the answer was stored; a number is milliseconds since 1970. Not needed where the cache itself drops old entries. */
  cachedAt?: number | string | Date | null;
}

/** Cached answers that may fit a new prompt: the nearest neighbours in the same scope, one of them, or features made of them. */
export interface CacheQuestion {
  /** Default "default". */
  segment?: string;
  prompt?: string;
  /** The nearest entries of the scope, nearest first; eight are read, old ones passed over. */
  neighbours?: readonly GivenNeighbour[];
  /** The single form: one entry, enough where the score is the cosine. */
  similarity?: number;
  cachedPrompt?: string;
  answer?: string | number | null;
  cachedAt?: number | string | Date | null;
  /** Features of `pairFeatures` at the place of `findServable`, for who has computed them already. */
  features?: ArrayLike<number>;
}

/** A question that can be decided. */
export interface ReadCacheQuestion {
  asked: PreparedPrompt;
  /** Living neighbours, at most eight, nearest first. */
  neighbours: Array<CachedNeighbour & { prompt: PreparedPrompt }>;
  /** Their places in the question. */
  places: number[];
  /** Neighbours that were given, old ones included. */
  given: number;
  isSingle: boolean;
}

/** How a question is read. */
export interface CacheQuestionRules {
  ttlS: number | null;
  readsAnswers: boolean;
  /** Milliseconds since 1970. */
  now: number;
  /** Makes a cached prompt ready. */
  prepare: (text: string) => PreparedPrompt;
}

/** Neighbours that are looked at for living ones. */
const mostGiven = 3 * neighboursRead;
/** Searches by quantised vectors may swap neighbours that are as good as equal. */
const tolerance = 1e-3;

/** Read a question, whatever it holds.
 * @returns why it can't be decided, where it can't */
export function readCacheQuestion(
  question: CacheQuestion,
  rules: CacheQuestionRules,
): ReadCacheQuestion | CacheReason {
  const { prompt, neighbours } = question;
  if (typeof prompt !== "string") return badSingle(question) ?? CacheReason.promptsMissing;
  const isSingle = !Array.isArray(neighbours);
  const given = isSingle ? [singleOf(question)] : neighbours.slice(0, mostGiven);
  const read: ReadCacheQuestion = {
    asked: new PreparedPrompt(prompt),
    neighbours: [],
    places: [],
    given: given.length,
    isSingle,
  };
  let nearest = 1;
  for (let place = 0; place < given.length && read.neighbours.length < neighboursRead; place++) {
    const { similarity, prompt: cached, answer, cachedAt } = recordOf(given[place]);
    if (!isSimilarity(similarity) || similarity > nearest + tolerance) return CacheReason.badSimilarity;
    if (typeof cached !== "string") return CacheReason.promptsMissing;
    nearest = similarity;
    if (isOld(cachedAt, rules)) continue;
    const known = rules.readsAnswers && (typeof answer === "string" || typeof answer === "number");
    read.neighbours.push({
      similarity,
      prompt: rules.prepare(cached),
      answer: known ? answer : null,
    });
    read.places.push(place);
  }
  return read;
}

function badSingle({ similarity, neighbours }: CacheQuestion): CacheReason | null {
  return neighbours === undefined && !isSimilarity(similarity) ? CacheReason.badSimilarity : null;
}

function singleOf({ similarity, cachedPrompt, answer, cachedAt }: CacheQuestion) {
  return { similarity, prompt: cachedPrompt, answer, cachedAt };
}

function isSimilarity(value: unknown): value is number {
  return typeof value === "number" && value >= -1 - tolerance && value <= 1 + tolerance;
}

function isOld(cachedAt: unknown, { ttlS, now }: CacheQuestionRules): boolean {
  if (ttlS === null || cachedAt === undefined || cachedAt === null) return false;
  const time = typeof cachedAt === "number" ? cachedAt : Date.parse(textOf(cachedAt));
  return !(now - time <= ttlS * 1000);
}

function textOf(cachedAt: unknown): string {
  if (cachedAt instanceof Date) return Number.isNaN(cachedAt.getTime()) ? "" : cachedAt.toISOString();
  return typeof cachedAt === "string" ? cachedAt : "";
}
