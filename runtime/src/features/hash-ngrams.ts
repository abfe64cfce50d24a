import { unitClass, WordClass } from "../cache/unit-classes.js";
import { textCap } from "./normalise-text.js";

/** Buckets that n-grams are hashed into: rows of the model's tables. A power of two. */
export const buckets = 2 ** 15;

const fnvPrime = 0x01000193;
const spaceUnit = 0x20;

/** Counts per bucket of one family of n-grams in one text; reused between calls. */
export class BucketCounts {
  readonly counts = new Uint16Array(buckets);
  /** Buckets with a count, in order of first occurrence; one place more than can be filled. */
  readonly touched = new Uint16Array(buckets + 1);
  size = 0;

  add(hash: number): void {
    const bucket = mixHash(hash) & (buckets - 1);
    const count = this.counts[bucket]!;
    this.counts[bucket] = count + 1;
    // Without a branch, which the processor could not foresee: a new bucket moves the end on, a known one is overwritten.
    this.touched[this.size] = bucket;
    this.size += (count - 1) >>> 31;
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
  let size = 1;
  for (let i = 0; i < length; i++) {
    const unit = units[i]!;
    if ((unitClass[unit]! & 3) !== WordClass.space) {
      padded[size++] = unit;
    } else if (size > 1) {
      countPaddedGrams(size, seed, counts);
      size = 1;
    }
  }
  if (size > 1) countPaddedGrams(size, seed, counts);
}

/** A word between two spaces; reused between calls. */
const padded = new Uint16Array(textCap + 2).fill(spaceUnit, 0, 1);

/** @param end place of the padding behind the word */
function countPaddedGrams(end: number, seed: number, counts: BucketCounts): void {
  padded[end] = spaceUnit;
  for (let from = 0; from + 2 <= end; from++) {
    let hash = stepHash(seed, padded[from]!);
    hash = stepHash(hash, padded[from + 1]!);
    hash = stepHash(hash, padded[from + 2]!);
    counts.add(hash);
    if (from + 3 > end) continue;
    hash = stepHash(hash, padded[from + 3]!);
    counts.add(hash);
    if (from + 4 <= end) counts.add(stepHash(hash, padded[from + 4]!));
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
