import { createRandom, type Random } from "../datasets/random.js";
import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";

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
  const fitted = unitRows(selectRows(matrix, drawn), matrix);
  const centres = chooseStarts(fitted, k, random);
  for (let round = 0; round < rounds; round++) recentre(fitted, assign(fitted, centres).nearest, centres);
  return assign(unitRows(matrix, matrix), centres).nearest;
}

const leastRows = 10;
/** Centres are fitted to so many rows; all rows are then assigned. */
const fitRows = 3_000;
const rounds = 8;

/** Sparse rows of length one. */
type UnitRows = Pick<FeatureMatrix, "rows" | "buckets" | "offsets" | "ids" | "weights">;

function unitRows(matrix: FeatureMatrix, all: FeatureMatrix): UnitRows {
  const { rows, buckets, offsets, ids } = matrix;
  const frequency = new Float64Array(buckets);
  for (let at = 0; at < all.ids.length; at++) frequency[all.ids[at]!]! += 1;
  const weights = matrix.weights.map((weight, at) => weight * Math.log(1 + all.rows / frequency[ids[at]!]!));
  for (let row = 0; row < rows; row++) {
    const own = weights.subarray(offsets[row]!, offsets[row + 1]!);
    const length = Math.sqrt(own.reduce((sum, weight) => sum + weight * weight, 0));
    if (length > 0) for (let i = 0; i < own.length; i++) own[i]! /= length;
  }
  return { rows, buckets, offsets, ids, weights };
}

/** Rows far from each other, at random (k-means++). */
function chooseStarts(rows: UnitRows, k: number, random: Random): Float64Array[] {
  const centres = [dense(rows, random.below(rows.rows))];
  while (centres.length < k) {
    const { similarity } = assign(rows, centres);
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

function assign(
  { rows, offsets, ids, weights }: UnitRows,
  centres: readonly Float64Array[],
): { nearest: Int32Array; similarity: Float64Array } {
  const nearest = new Int32Array(rows);
  const similarity = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    centres.forEach((centre, c) => {
      let cosine = 0;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) cosine += weights[at]! * centre[ids[at]!]!;
      if (cosine > similarity[row]!) [nearest[row], similarity[row]] = [c, cosine];
    });
  }
  return { nearest, similarity };
}

/** Each centre becomes the direction of its rows' sum; one that lost all its rows stays. */
function recentre(
  { rows, offsets, ids, weights }: UnitRows,
  nearest: Int32Array,
  centres: readonly Float64Array[],
): void {
  const isOwned = centres.map((_, c) => nearest.includes(c));
  centres.forEach((centre, c) => {
    if (isOwned[c]) centre.fill(0);
  });
  for (let row = 0; row < rows; row++) {
    const centre = centres[nearest[row]!]!;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) centre[ids[at]!]! += weights[at]!;
  }
  for (const centre of centres) {
    const length = Math.sqrt(centre.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < centre.length; i++) centre[i]! /= length;
  }
}
