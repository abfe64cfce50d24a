import type { FeatureMatrix } from "../classifier/feature-matrix.js";

/** Rows by similarity. Not safe to use from two calls at once: it reuses its buffers. */
interface NeighbourIndex {
  /** Rows of the index that are most similar to a row of another matrix, best first, ties by row number. Rows that share no
   * indexed n-gram are left out, so there may be fewer than asked for. */
  nearest(matrix: FeatureMatrix, row: number, count: number): Int32Array;
}

/** N-grams that more than this share of the rows have tell little and cost most of the time. */
const commonShare = 0.1;

/** Index the sparse part of a matrix by n-gram for cosine similarity, with inverse document frequencies: ln(rows / rows that have the
 * n-gram), squared since both sides carry it. N-grams in more than a tenth of the rows aren't indexed.
 * @see Salton and Buckley 1988, Term-weighting approaches in automatic text retrieval */
export function createNeighbourIndex(matrix: FeatureMatrix): NeighbourIndex {
  const { rows, buckets } = matrix;
  const frequency = new Int32Array(buckets);
  for (const id of matrix.ids) frequency[id]! += 1;
  const idf = Float32Array.from(frequency, (count) =>
    count > 0 && count <= Math.max(1, commonShare * rows) ? Math.log(rows / count) : 0,
  );
  const { starts, owners, values } = invert(matrix, frequency, idf);
  const scores = new Float32Array(rows);
  const touched = new Int32Array(rows);

  return {
    nearest(query, row, count) {
      let size = 0;
      for (let at = query.offsets[row]!; at < query.offsets[row + 1]!; at++) {
        const id = query.ids[at]!;
        if (idf[id] === 0) continue;
        const weight = query.weights[at]! * idf[id]!;
        for (let posting = starts[id]!; posting < starts[id + 1]!; posting++) {
          const owner = owners[posting]!;
          if (scores[owner] === 0) touched[size++] = owner;
          scores[owner]! += weight * values[posting]!;
        }
      }
      const best = largest(scores, touched.subarray(0, size), count);
      for (let i = 0; i < size; i++) scores[touched[i]!] = 0;
      return best;
    },
  };
}

/** Postings by bucket: rows that have it, and its share in each row's unit vector. */
function invert(matrix: FeatureMatrix, frequency: Int32Array, idf: Float32Array) {
  const { rows, buckets, offsets, ids, weights } = matrix;
  const starts = new Int32Array(buckets + 1);
  for (let id = 0; id < buckets; id++) starts[id + 1] = starts[id]! + (idf[id]! > 0 ? frequency[id]! : 0);
  const owners = new Int32Array(starts[buckets]!);
  const values = new Float32Array(owners.length);
  const filled = starts.slice();
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++)
      squares += (weights[at]! * idf[ids[at]!]!) ** 2;
    const norm = Math.sqrt(squares) || 1;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const id = ids[at]!;
      if (idf[id] === 0) continue;
      const posting = filled[id]!++;
      owners[posting] = row;
      values[posting] = (weights[at]! * idf[id]!) / norm;
    }
  }
  return { starts, owners, values };
}

/** Rows with the largest scores, best first, ties by row number. Most rows are ruled out by a histogram before any sorting. */
function largest(scores: Float32Array, rows: Int32Array, count: number): Int32Array {
  const floor = rows.length > count ? floorOfLargest(scores, rows, count) : 0;
  let size = 0;
  const kept = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) if (scores[rows[i]!]! >= floor) kept[size++] = rows[i]!;
  return kept
    .subarray(0, size)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count);
}

const bins = 512;

/** A score that at least `count` rows reach, and few more. */
function floorOfLargest(scores: Float32Array, rows: Int32Array, count: number): number {
  let highest = 0;
  for (let i = 0; i < rows.length; i++) highest = Math.max(highest, scores[rows[i]!]!);
  const histogram = new Int32Array(bins + 1);
  const scale = bins / highest;
  for (let i = 0; i < rows.length; i++) histogram[Math.floor(scores[rows[i]!]! * scale)]! += 1;
  let bin = bins;
  for (let reached = histogram[bin]!; reached < count; reached += histogram[bin]!) bin -= 1;
  // One bin lower, so that rounding at the edge loses nobody.
  return Math.max(0, bin - 1) / scale;
}
