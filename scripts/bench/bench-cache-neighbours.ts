import { startTfjs, tf } from "../../models/classifier/tfjs.js";

/** The nearest other rows of every row, the nearest first. */
export interface NeighbourLists {
  /** Neighbours per row. */
  width: number;
  /** (rows, width) */
  rows: Int32Array;
  /** (rows, width) */
  cosines: Float32Array;
}

/** Compare all vectors with all others.
 * @param vectors (rows, dim), each of length 1
 * @param width neighbours wanted; fewer where there are fewer other rows */
export async function listNeighbours(
  vectors: Float32Array,
  dim: number,
  width: number,
): Promise<NeighbourLists> {
  await startTfjs();
  const count = vectors.length / dim;
  const kept = Math.min(width, count - 1);
  const lists = {
    width: kept,
    rows: new Int32Array(count * kept),
    cosines: new Float32Array(count * kept),
  };
  const all = tf.tensor2d(vectors, [count, dim]);
  for (let first = 0; first < count; first += blockRows) {
    const rows = Math.min(blockRows, count - first);
    const cosines = tf.tidy(() =>
      tf.matMul(tf.slice(all, [first, 0], [rows, dim]), all, false, true).dataSync(),
    ) as Float32Array;
    for (let i = 0; i < rows; i++)
      keepNearest(cosines.subarray(i * count, (i + 1) * count), first + i, lists);
  }
  all.dispose();
  return lists;
}

/** Rows that are compared with all others at once. */
const blockRows = 256;

function keepNearest(cosines: Float32Array, row: number, { width, rows, cosines: kept }: NeighbourLists) {
  cosines[row] = -Infinity;
  const least = cosines.toSorted()[cosines.length - width]!;
  const near: number[] = [];
  cosines.forEach((cosine, other) => {
    if (cosine >= least && other !== row) near.push(other);
  });
  near.sort((x, y) => cosines[y]! - cosines[x]! || x - y);
  for (let k = 0; k < width; k++) {
    rows[row * width + k] = near[k]!;
    kept[row * width + k] = cosines[near[k]!]!;
  }
}
