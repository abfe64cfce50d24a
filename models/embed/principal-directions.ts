import { scaleToUnit } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import { startTfjs, tf } from "../classifier/tfjs.js";

const iterations = 15;
const rowsPerChunk = 8_192;

/** Find the directions that keep most of the vectors' dot products: the leading eigenvectors of X'X, by subspace iteration.
 * The mean is not taken off: a cosine is about the origin.
 * @param vectors rows of one length, at least one
 * @returns row-major, shape (dim, length), orthonormal, the strongest first
 * @see Halko, Martinsson and Tropp 2011, Finding structure with randomness, alg. 4.4 */
export async function findPrincipalDirections(
  vectors: readonly Float32Array[],
  dim: number,
  seed: number,
): Promise<Float32Array> {
  const length = vectors[0]!.length;
  const gram = await gramMatrix(vectors);
  const random = createRandom(seed);
  let basis = Float64Array.from({ length: dim * length }, () => random.normal());
  for (let i = 0; i < iterations; i++) {
    basis = multiplyRows(basis, gram, length);
    orthonormalise(basis, length);
  }
  return Float32Array.from(basis);
}

/** Project vectors on directions and scale them to length 1.
 * @returns row-major, shape (vectors, dim) */
export async function projectVectors(
  vectors: readonly Float32Array[],
  directions: Float32Array,
): Promise<Float32Array> {
  await startTfjs();
  const length = vectors[0]!.length;
  const dim = directions.length / length;
  const out = new Float32Array(vectors.length * dim);
  for (const { from, values, rows } of chunksOf(vectors)) {
    const projected = tf.tidy(() =>
      tf.matMul(tf.tensor2d(values, [rows, length]), tf.tensor2d(directions, [dim, length]), false, true),
    );
    out.set(await projected.data<"float32">(), from * dim);
    projected.dispose();
  }
  for (let row = 0; row < vectors.length; row++) scaleToUnit(out.subarray(row * dim, (row + 1) * dim));
  return out;
}

async function gramMatrix(vectors: readonly Float32Array[]): Promise<Float64Array> {
  await startTfjs();
  const length = vectors[0]!.length;
  const gram = new Float64Array(length * length);
  for (const { values, rows } of chunksOf(vectors)) {
    const part = tf.tidy(() => {
      const x = tf.tensor2d(values, [rows, length]);
      return tf.matMul(x, x, true, false);
    });
    const sums = await part.data<"float32">();
    part.dispose();
    for (let i = 0; i < gram.length; i++) gram[i]! += sums[i]!;
  }
  return gram;
}

function* chunksOf(
  vectors: readonly Float32Array[],
): Generator<{ from: number; rows: number; values: Float32Array }> {
  const length = vectors[0]!.length;
  for (let from = 0; from < vectors.length; from += rowsPerChunk) {
    const part = vectors.slice(from, from + rowsPerChunk);
    const values = new Float32Array(part.length * length);
    part.forEach((vector, row) => {
      values.set(vector, row * length);
    });
    yield { from, rows: part.length, values };
  }
}

/** Each row times a symmetric matrix. */
function multiplyRows(
  rows: Float64Array,
  symmetric: Float64Array,
  length: number,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += length) {
    for (let i = 0; i < length; i++) {
      const factor = rows[start + i]!;
      for (let j = 0; j < length; j++) out[start + j]! += factor * symmetric[i * length + j]!;
    }
  }
  return out;
}

/** Modified Gram-Schmidt on rows, in place. */
function orthonormalise(rows: Float64Array, length: number): void {
  for (let start = 0; start < rows.length; start += length) {
    for (let other = 0; other < start; other += length) {
      let product = 0;
      for (let i = 0; i < length; i++) product += rows[start + i]! * rows[other + i]!;
      for (let i = 0; i < length; i++) rows[start + i]! -= product * rows[other + i]!;
    }
    let squares = 0;
    for (let i = 0; i < length; i++) squares += rows[start + i]! ** 2;
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < length; i++) rows[start + i]! *= factor;
  }
}
