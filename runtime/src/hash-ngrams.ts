import { unitClass, WordClass } from "./unit-classes.js";

/** Buckets that n-grams are hashed into: rows of the model's tables. A power of two. */
export const buckets = 2 ** 15;

const fnvPrime = 0x01000193;
const spaceUnit = 0x20;
const shortestGram = 3;
const longestGram = 5;

/** Counts per bucket of one family of n-grams in one text; reused between calls. */
export class BucketCounts {
  readonly counts = new Uint16Array(buckets);
  /** Buckets with a count, in order of first occurrence. */
  readonly touched = new Uint16Array(buckets);
  size = 0;

  add(hash: number): void {
    const bucket = mixHash(hash) & (buckets - 1);
    if (this.counts[bucket] === 0) this.touched[this.size++] = bucket;
    this.counts[bucket]!++;
  }
}

/** One step of FNV-1a over a UTF-16 unit. */
export function stepHash(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, fnvPrime);
}

/** Hash of a whole string, as the n-grams are hashed. */
export function hashString(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = stepHash(hash, text.charCodeAt(i));
  return hash;
}

/** Spread a hash over all its bits, so that its low ones can name a bucket.
 * @see Appleby, MurmurHash3, fmix32 */
export function mixHash(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Count the character 3-, 4- and 5-grams inside word boundaries: each run of units between white space is padded by one
 * space on both sides; a padded word no longer than n gives itself, once, and no longer n-gram.
 * @see scikit-learn, CountVectorizer(analyzer="char_wb", ngram_range=(3, 5)); here grams come in order of position */
export function countCharGrams(units: Uint16Array, length: number, seed: number, counts: BucketCounts): void {
  let start = 0;
  while (start < length) {
    if ((unitClass[units[start]!]! & 3) === WordClass.space) {
      start += 1;
      continue;
    }
    let end = start + 1;
    while (end < length && (unitClass[units[end]!]! & 3) !== WordClass.space) end += 1;
    countWordCharGrams(units, start, end, seed, counts);
    start = end;
  }
}

/** Positions start - 1 and end stand for the padding. */
function countWordCharGrams(
  units: Uint16Array,
  start: number,
  end: number,
  seed: number,
  counts: BucketCounts,
): void {
  const last = end - shortestGram + 1;
  for (let from = start - 1; from <= last; from++) {
    let hash = seed;
    const to = Math.min(from + longestGram, end + 1);
    for (let i = from; i < to; i++) {
      hash = stepHash(hash, i < start || i === end ? spaceUnit : units[i]!);
      if (i - from >= shortestGram - 1) counts.add(hash);
    }
  }
}

/** Count words and pairs of neighbouring words (`first second`, joined by one space). A word is a run of letters, or one
 * ideograph.
 * @param onGram called with the hash of each word and pair, before bucketing */
export function countWordGrams(
  units: Uint16Array,
  length: number,
  seed: number,
  counts: BucketCounts,
  onGram?: (hash: number) => void,
): number {
  let words = 0;
  let previous = 0;
  let i = 0;
  while (i < length) {
    const wordClass = unitClass[units[i]!]! & 3;
    if (wordClass < WordClass.letter) {
      i += 1;
      continue;
    }
    let word = seed;
    let pair = words > 0 ? stepHash(previous, spaceUnit) : 0;
    do {
      word = stepHash(word, units[i]!);
      pair = stepHash(pair, units[i]!);
      i += 1;
    } while (
      i < length &&
      wordClass === WordClass.letter &&
      (unitClass[units[i]!]! & 3) === WordClass.letter
    );
    counts.add(word);
    onGram?.(word);
    if (words > 0) {
      counts.add(pair);
      onGram?.(pair);
    }
    previous = word;
    words += 1;
  }
  return words;
}
