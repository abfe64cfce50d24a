import { createRandom } from "../../datasets/random.js";
import { type FeatureMatrix, poolTable, scatterRows } from "./feature-matrix.js";
import { keepUsedBuckets } from "./used-buckets.js";

/** Passes over the matrix beyond the first: two suffice where the spectrum falls slowly, as that of text does. */
const powerPasses = 2;

/** The directions in n-gram space along which requests vary most: latent semantic analysis by a randomised range finder with
 * power iterations. No label is looked at.
 * @param count wanted directions, less than the number of rows
 * @returns (buckets, count), orthonormal columns
 * @see Halko, Martinsson and Tropp 2011, Finding structure with randomness, alg. 4.4 and 5.1 (the transpose's range) */
export function latentDirections(matrix: FeatureMatrix, count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const { matrix: used, bucketOf } = keepUsedBuckets(matrix);
  let rowSpace = Float32Array.from({ length: matrix.rows * count }, () => random.normal());
  let directions = new Float64Array(0);
  for (let pass = 0; pass <= powerPasses; pass++) {
    directions = new Float64Array(used.buckets * count);
    scatterRows(used, rowSpace, count, directions);
    orthonormalise(directions, count);
    if (pass < powerPasses) rowSpace = poolTable(used, directions, count) as Float32Array<ArrayBuffer>;
  }
  const all = new Float32Array(matrix.buckets * count);
  for (const [b, bucket] of bucketOf.entries())
    all.set(directions.subarray(b * count, (b + 1) * count), bucket * count);
  return all;
}

/** Modified Gram-Schmidt on the columns of a row-major matrix, in place; a column that depends on those before becomes 0. */
function orthonormalise(values: Float64Array, count: number): void {
  const columns = Array.from({ length: count }, (_, c) => columnOf(values, c, count));
  for (const [c, column] of columns.entries()) {
    const before = norm(column);
    for (let other = 0; other < c; other++) subtractProjection(column, columns[other]!);
    const length = norm(column);
    const factor = length > 1e-9 * before ? 1 / length : 0;
    for (let r = 0; r < column.length; r++) {
      column[r]! *= factor;
      values[r * count + c] = column[r]!;
    }
  }
}

/** A column by itself: walking along it in the matrix costs several times as much as copying it once. */
function columnOf(values: Float64Array, c: number, count: number): Float64Array {
  const column = new Float64Array(values.length / count);
  for (let r = 0; r < column.length; r++) column[r] = values[r * count + c]!;
  return column;
}

function subtractProjection(column: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let r = 0; r < column.length; r++) product += column[r]! * unit[r]!;
  for (let r = 0; r < column.length; r++) column[r]! -= product * unit[r]!;
}

function norm(column: Float64Array): number {
  let squares = 0;
  for (let r = 0; r < column.length; r++) squares += column[r]! * column[r]!;
  return Math.sqrt(squares);
}
