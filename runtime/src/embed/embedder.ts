/** Turns text into a sentence vector: for few labels, nearest neighbours, clusters and the semantic cache. With many labels
 * the router's own n-grams do as well. Vectors of two embedders must never be compared: store `id` and `sha256` with them. */
export interface Embedder {
  /** Name for people, such as `hashed-chars-512`. */
  readonly id: string;
  /** Length of every vector. */
  readonly dim: number;
  /** Lower-case hexadecimal; embedders with the same hash give the same vectors. */
  readonly sha256: string;
  /** Embed one text, synchronously. Total: never throws, and reads at most 8,192 UTF-16 units (the two ends of a longer text).
   * @returns a vector of Euclidean length 1, the caller's to keep; all zeros for a text without a token. The cosine of two
   *   texts is the dot product of their vectors */
  embed(text: string): Float32Array;
}

/** Scale a vector to Euclidean length 1, in place; all zeros stay.
 * @returns the same vector */
export function scaleToUnit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  if (squares === 0) return vector;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
  return vector;
}
