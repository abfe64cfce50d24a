import { createRandom } from "../../datasets/random.js";
import { type FeatureMatrix, poolTable, scatterRows } from "./feature-matrix.js";

/** Passes over the matrix beyond the first: two suffice where the spectrum falls slowly, as that of text does. */
const powerPasses = 2;

/** The directions in n-gram space along which requests vary most: latent semantic analysis by a randomised range finder with
 * power iterations. No label is looked at.
 * @param count wanted directions, less than the number of rows
 * @returns (buckets, count), orthonormal columns
 * @see Halko, Martinsson and Tropp 2011, Finding structure with randomness, alg. 4.4 and 5.1 (the transpose's range) */
export function latentDirections(matrix: FeatureMatrix, count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  let rowSpace = Float32Array.from({ length: matrix.rows * count }, () => random.normal());
  let directions = new Float64Array(0);
  for (let pass = 0; pass <= powerPasses; pass++) {
    directions = new Float64Array(matrix.buckets * count);
    scatterRows(matrix, rowSpace, count, directions);
    orthonormalise(directions, count);
    if (pass < powerPasses) rowSpace = poolTable(matrix, directions, count) as Float32Array<ArrayBuffer>;
  }
  return Float32Array.from(directions);
}

/** Modified Gram-Schmidt on the columns of a row-major matrix, in place; a column that depends on those before becomes 0. */
function orthonormalise(values: Float64Array, columns: number): void {
  const rows = values.length / columns;
  for (let c = 0; c < columns; c++) {
    const before = norm(values, c, columns);
    for (let other = 0; other < c; other++) {
      let product = 0;
      for (let r = 0; r < rows; r++) product += values[r * columns + c]! * values[r * columns + other]!;
      for (let r = 0; r < rows; r++) values[r * columns + c]! -= product * values[r * columns + other]!;
    }
    const length = norm(values, c, columns);
    const factor = length > 1e-9 * before ? 1 / length : 0;
    for (let r = 0; r < rows; r++) values[r * columns + c]! *= factor;
  }
}

function norm(values: Float64Array, column: number, columns: number): number {
  let squares = 0;
  for (let i = column; i < values.length; i += columns) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}
