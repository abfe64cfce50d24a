import { createRandom, type Random } from "../datasets/random.js";
import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";
import { keepUsedBuckets } from "./classifier/used-buckets.js";

/** Group requests by what they are about: spherical k-means on their hashed n-grams, common n-grams counting less (idf). Cheap and
 * coarse: for strata of a sample, not for a claim about topics. The same rows and seed give the same groups.
 * @param groups wanted number; fewer when there are fewer than ten rows for each
 * @returns group of each row, from 0 on
 * @see Dhillon and Modha 2001, Concept decompositions for large sparse text data; Arthur and Vassilvitskii 2007 for the start */
export function clusterTexts(
  matrix: FeatureMatrix,
  { groups, seed }: { groups: number; seed: number },
): Int32Array {
  const k = Math.max(1, Math.min(groups, Math.floor(matrix.rows / leastRows)));
  if (k === 1) return new Int32Array(matrix.rows);
  const random = createRandom(seed);
  const drawn = random.shuffle(Int32Array.from({ length: matrix.rows }, (_, row) => row)).slice(0, fitRows);
  const used = keepUsedBuckets(matrix).matrix;
  const frequency = countBuckets(used);
  const fitted = unitRows(selectRows(used, drawn), used.rows, frequency);
  const centres = chooseStarts(fitted, k, random);
  for (let round = 0; round < rounds; round++) recentre(fitted, assign(fitted, centres), centres);
  return assign(unitRows(used, used.rows, frequency), centres);
}

const leastRows = 10;
/** Centres are fitted to so many rows; all rows are then assigned. */
const fitRows = 3_000;
const rounds = 8;

/** Sparse rows of length one. */
type UnitRows = Pick<FeatureMatrix, "rows" | "buckets" | "offsets" | "ids" | "weights">;

/** N-grams of all rows in each bucket. */
function countBuckets({ buckets, ids }: FeatureMatrix): Float64Array {
  const frequency = new Float64Array(buckets);
  for (let at = 0; at < ids.length; at++) frequency[ids[at]!]! += 1;
  return frequency;
}

function unitRows(matrix: FeatureMatrix, allRows: number, frequency: Float64Array): UnitRows {
  const { rows, buckets, offsets, ids } = matrix;
  const idf = frequency.map((count) => Math.log(1 + allRows / count));
  const weights = matrix.weights.map((weight, at) => weight * idf[ids[at]!]!);
  for (let row = 0; row < rows; row++) {
    const end = offsets[row + 1]!;
    let squares = 0;
    for (let at = offsets[row]!; at < end; at++) squares += weights[at]! * weights[at]!;
    const length = Math.sqrt(squares);
    if (length > 0) for (let at = offsets[row]!; at < end; at++) weights[at]! /= length;
  }
  return { rows, buckets, offsets, ids, weights };
}

/** Rows far from each other, at random (k-means++). */
function chooseStarts(rows: UnitRows, k: number, random: Random): Float64Array[] {
  const centres = [dense(rows, random.below(rows.rows))];
  const similarity = new Float64Array(rows.rows).fill(Number.NEGATIVE_INFINITY);
  while (centres.length < k) {
    const newest = centres.at(-1)!;
    for (let row = 0; row < rows.rows; row++)
      similarity[row] = Math.max(similarity[row]!, cosineOf(rows, row, newest));
    const distance = similarity.map((cosine) => Math.max(0, 1 - cosine));
    let left = random.uniform() * distance.reduce((sum, value) => sum + value, 0);
    const row = distance.findIndex((value) => {
      left -= value;
      return left < 0;
    });
    centres.push(dense(rows, Math.max(0, row)));
  }
  return centres;
}

function dense({ buckets, offsets, ids, weights }: UnitRows, row: number): Float64Array {
  const centre = new Float64Array(buckets);
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) centre[ids[at]!] = weights[at]!;
  return centre;
}

/** Nearest centre of each row; the first of equally near ones. */
function assign(rows: UnitRows, centres: readonly Float64Array[]): Int32Array {
  const nearest = new Int32Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < centres.length; c++) {
      const cosine = cosineOf(rows, row, centres[c]!);
      if (cosine <= best) continue;
      nearest[row] = c;
      best = cosine;
    }
  }
  return nearest;
}

function cosineOf({ offsets, ids, weights }: UnitRows, row: number, centre: Float64Array): number {
  const end = offsets[row + 1]!;
  let cosine = 0;
  for (let at = offsets[row]!; at < end; at++) cosine += weights[at]! * centre[ids[at]!]!;
  return cosine;
}

/** Each centre becomes the direction of its rows' sum; one that lost all its rows stays. */
function recentre(
  { rows, offsets, ids, weights }: UnitRows,
  nearest: Int32Array,
  centres: readonly Float64Array[],
): void {
  for (const [c, centre] of centres.entries()) if (nearest.includes(c)) centre.fill(0);
  for (let row = 0; row < rows; row++) {
    const centre = centres[nearest[row]!]!;
    const end = offsets[row + 1]!;
    for (let at = offsets[row]!; at < end; at++) centre[ids[at]!]! += weights[at]!;
  }
  for (const centre of centres) {
    let squares = 0;
    for (let i = 0; i < centre.length; i++) squares += centre[i]! * centre[i]!;
    const length = Math.sqrt(squares);
    if (length > 0) for (let i = 0; i < centre.length; i++) centre[i]! /= length;
  }
}
