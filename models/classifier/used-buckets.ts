import type { FeatureMatrix } from "./feature-matrix.js";

/** Number the buckets that occur in any row anew, from 0 on in their old order, and leave out the others: what is as long as the
 * buckets then is as short as the vocabulary, and sums over them add the same numbers in the same order.
 * @returns the matrix, and the old number of each of its buckets */
export function keepUsedBuckets(matrix: FeatureMatrix): { matrix: FeatureMatrix; bucketOf: Int32Array } {
  const place = new Int32Array(matrix.buckets);
  for (let at = 0; at < matrix.ids.length; at++) place[matrix.ids[at]!] = 1;
  const bucketOf = place
    .map((isUsed, bucket) => (isUsed === 1 ? bucket : -1))
    .filter((bucket) => bucket >= 0);
  for (let b = 0; b < bucketOf.length; b++) place[bucketOf[b]!] = b;
  const ids = matrix.ids.map((id) => place[id]!);
  return { matrix: { ...matrix, buckets: bucketOf.length, ids }, bucketOf };
}
