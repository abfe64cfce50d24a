import type { FeatureMatrix } from "./feature-matrix.js";
import type { LinearModel } from "./linear-model.js";
import { type BucketRows, type SparseRows, transposeRows, viewRows } from "./sparse-rows.js";
import { type DenseMoments, denseMoments, standardise } from "./standardise.js";

/** What all columns of a linear model are fitted on. A column's solution holds the weights of the buckets that occur, then of the
 * dense features, then the bias. */
export interface LinearInputs extends BucketRows {
  byRow: SparseRows;
  buckets: number;
  denseFeatures: number;
  moments: DenseMoments;
  /** Standardised, (rows, features). */
  dense: Float32Array;
}

/** Lay out some rows of a matrix for fitting. Their n-grams are not copied, but once more laid out by bucket. */
export function layOutInputs(matrix: FeatureMatrix, rows: Int32Array): LinearInputs {
  const { buckets, denseFeatures } = matrix;
  const byRow = viewRows(matrix, rows);
  const raw = pickDense(matrix, rows);
  const moments = denseMoments(raw, denseFeatures);
  return {
    byRow,
    ...transposeRows(byRow, buckets),
    buckets,
    denseFeatures,
    moments,
    dense: standardise(raw, moments),
  };
}

/** Dense features of some rows, (rows, features). */
export function pickDense({ dense, denseFeatures }: FeatureMatrix, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * denseFeatures);
  for (let i = 0; i < rows.length; i++)
    out.set(dense.subarray(rows[i]! * denseFeatures, (rows[i]! + 1) * denseFeatures), i * denseFeatures);
  return out;
}

/** Weighted sum of squares of the input of each coefficient: four times a bound of the logistic loss's curvature.
 * @param rowWeights of one column */
export function squareSums(
  { byBucket, denseFeatures, dense }: LinearInputs,
  rowWeights: Float32Array,
): Float64Array {
  const held = byBucket.rows;
  const sums = new Float64Array(held + denseFeatures + 1);
  const { starts, ends, ids, weights } = byBucket;
  for (let b = 0; b < held; b++) {
    let sum = 0;
    for (let at = starts[b]!; at < ends[b]!; at++) sum += rowWeights[ids[at]!]! * weights[at]! ** 2;
    sums[b] = sum;
  }
  for (let row = 0; row < rowWeights.length; row++) {
    const counts = rowWeights[row]!;
    for (let j = 0; j < denseFeatures; j++) sums[held + j]! += counts * dense[row * denseFeatures + j]! ** 2;
    sums[held + denseFeatures]! += counts;
  }
  return sums;
}

/** A column's solution in the units of raw features: standardisation is folded back into weights and bias. */
export function inRawUnits(
  { bucketOf, buckets, moments }: LinearInputs,
  solution: Float64Array,
): LinearModel {
  const { mean, spread } = moments;
  const wideTable = new Float32Array(buckets);
  bucketOf.forEach((bucket, i) => {
    wideTable[bucket] = solution[i]!;
  });
  const denseWide = new Float32Array(mean.length);
  let bias = solution.at(-1)!;
  for (let j = 0; j < denseWide.length; j++) {
    if (spread[j] === 0) continue;
    const weight = solution[bucketOf.length + j]! / spread[j]!;
    denseWide[j] = weight;
    bias -= weight * mean[j]!;
  }
  return { columns: 1, wideTable, denseWide, bias: Float32Array.of(bias) };
}
