/** A text's nearest other text: its place and the cosine. */
export interface Neighbour {
  index: number;
  cosine: number;
}

/** Find the vectors with the highest dot product, the best first; equal ones by place. Compares with every vector: meant for
 * thousands, not millions.
 * @param skip place that is left out, such as the query's own */
export function nearestVectors(
  query: Float32Array,
  vectors: readonly Float32Array[],
  { count = 1, skip = -1 }: { count?: number; skip?: number } = {},
): Neighbour[] {
  const best: Neighbour[] = [];
  vectors.forEach((vector, index) => {
    if (index === skip) return;
    const cosine = dotProduct(query, vector);
    if (best.length === count && cosine <= best[count - 1]!.cosine) return;
    const place = best.findIndex((other) => cosine > other.cosine);
    best.splice(place < 0 ? best.length : place, 0, { index, cosine });
    if (best.length > count) best.pop();
  });
  return best;
}

/** Dot product: the cosine of vectors of length 1. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
