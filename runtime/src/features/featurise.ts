import { type ReadRequest, readRequest } from "../request/read-request.js";
import type { RouteRequest } from "../request/request.js";
import { createCueFinder, cueFamilies } from "./cue-words.js";
import { computeDense, denseNames } from "./dense-features.js";
import { BucketCounts, buckets, countCharGrams, countWordGrams } from "./hash-ngrams.js";
import { capText, normaliseText, textCap } from "./normalise-text.js";
import { countText } from "./text-statistics.js";

/** A request as the model sees it: a sparse bag of hashed n-grams and a dense vector. */
export interface FeatureVector {
  /** Bucket numbers in [0, FEATURISER.buckets), each at most once, in order of first occurrence. */
  ids: Int32Array;
  /** Weight of each id, > 0. */
  weights: Float32Array;
  /** One value in [0, 1] per name in FEATURISER.denseNames. */
  dense: Float32Array;
}

/** Identity of this featuriser. A model is only valid with the featuriser that it was trained on: `hash` is the SHA-256
 * over the feature vectors of a fixed list of requests, so any change of behaviour changes it. */
export const FEATURISER = {
  version: 1,
  buckets,
  denseNames,
  hash: "40a0d422cd35cd749dceed631b3860faee7c1daf6e8668a2cfc36806eba0967c",
} as const;

/** A family of n-grams of one text: its hash seed, and the Euclidean length of its weights. */
const families = {
  userChar: { seed: 0x811c9dc5 | 0, scale: 1 },
  userWord: { seed: 0x2f0b4c47, scale: 1 },
  systemChar: { seed: 0x6c62272e, scale: 0.5 },
  systemWord: { seed: 0x1b873593, scale: 0.5 },
} as const;

/** System prompts are read up to this many UTF-16 units. */
const systemCap = 2_048;

const tfLimit = 256;
/** 1 + ln(tf), in float32, tf counted up to a limit. */
const sublinearTf = Float32Array.from({ length: tfLimit }, (_, tf) => (tf === 0 ? 0 : 1 + Math.log(tf)));

/** Buffers that every call reuses; a call leaves `counts` and `weightOf` all zero. */
const units = new Uint16Array(textCap);
const counts = new BucketCounts();
const weightOf = new Float32Array(buckets);
const ids = new Int32Array(buckets);
const weights = new Float32Array(buckets);
const dense = new Float32Array(denseNames.length);
const termWeights = new Float32Array(buckets);
const findCue = createCueFinder(families.userWord.seed);

/** Turn a request into features: the one function that training and serving share. Total and deterministic: any value in
 * any field is read as something; only a getter of the caller's own that throws makes it throw.
 * docs/artifact.md specifies it to the bit. */
export function featurise(request: RouteRequest): FeatureVector {
  const { ids, weights, dense } = featuriseRead(readRequest(request));
  return { ids: ids.slice(), weights: weights.slice(), dense: dense.slice() };
}

/** Featurise a request that was already read, for use at once: the vectors are views that the next call overwrites, which
 * spares the deciding path some 30 kB of garbage per request. */
export function featuriseRead(read: ReadRequest): FeatureVector {
  const user = capText(read.userText, textCap);
  const userCounts = countText(user);
  const cues = new Int32Array(cueFamilies.length);
  const bag = new Bag();
  const length = normaliseText(user, userCounts.isAscii, units);
  countCharGrams(units, length, families.userChar.seed, counts);
  bag.add(counts, families.userChar.scale);
  const words = countWordGrams(units, length, families.userWord.seed, counts, (hash) => {
    const cue = findCue(hash);
    if (cue !== undefined) cues[cue]!++;
  });
  bag.add(counts, families.userWord.scale);
  addSystem(read.systemText, bag);
  const size = bag.take();
  computeDense({ read, user: userCounts, words, cues }, dense);
  return { ids: ids.subarray(0, size), weights: weights.subarray(0, size), dense };
}

function addSystem(text: string, bag: Bag): void {
  if (text === "") return;
  const system = capText(text, systemCap);
  const length = normaliseText(system, isAscii(system), units.subarray(0, systemCap));
  countCharGrams(units, length, families.systemChar.seed, counts);
  bag.add(counts, families.systemChar.scale);
  countWordGrams(units, length, families.systemWord.seed, counts);
  bag.add(counts, families.systemWord.scale);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Sum of weighted families; buckets that several families share are merged. Uses the module's buffers, so only one bag is
 * filled at a time. */
class Bag {
  private size = 0;

  /** Add a family with sublinear term frequencies, scaled to Euclidean length `scale`, and clear its counts. */
  add(family: BucketCounts, scale: number): void {
    const { counts: tfs, touched, size } = family;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const bucket = touched[i]!;
      const weight = sublinearTf[Math.min(tfs[bucket]!, tfLimit - 1)]!;
      tfs[bucket] = 0;
      termWeights[i] = weight;
      squares += weight * weight;
    }
    family.size = 0;
    const factor = squares > 0 ? scale / Math.sqrt(squares) : 0;
    let held = this.size;
    for (let i = 0; i < size; i++) {
      const bucket = touched[i]!;
      const before = weightOf[bucket]!;
      if (before === 0) ids[held++] = bucket;
      weightOf[bucket] = before + termWeights[i]! * factor;
    }
    this.size = held;
  }

  /** Move the sums to `ids` and `weights`.
   * @returns how many there are */
  take(): number {
    for (let i = 0; i < this.size; i++) {
      const bucket = ids[i]!;
      weights[i] = weightOf[bucket]!;
      weightOf[bucket] = 0;
    }
    return this.size;
  }
}
