import { sharedFloats, sharedInts } from "../../datasets/shared-arrays.js";
import type { FeatureMatrix } from "./feature-matrix.js";

/** Sparse rows, compressed, some of which may be left out. */
export interface SparseRows {
  rows: number;
  /** Row i owns ids and weights from starts[i] to ends[i]. */
  starts: Int32Array;
  ends: Int32Array;
  ids: Int32Array;
  weights: Float32Array;
}

/** The sparse part of some rows of a matrix, in the order given, without a copy. */
export function viewRows({ offsets, ids, weights }: FeatureMatrix, rows: Int32Array): SparseRows {
  return {
    rows: rows.length,
    starts: rows.map((row) => offsets[row]!),
    ends: rows.map((row) => offsets[row + 1]!),
    ids,
    weights,
  };
}

/** Sparse rows by bucket instead of by request, without the buckets that don't occur. */
export interface BucketRows {
  /** Row b lists the requests in which bucket bucketOf[b] occurs, ascending. */
  byBucket: SparseRows;
  /** The buckets that occur, in order of first occurrence. */
  bucketOf: Int32Array;
}

/** Lay rows out by bucket. Gathering from that is several times faster than scattering into a table. In shared memory. */
export function transposeRows({ rows, starts, ends, ids, weights }: SparseRows, buckets: number): BucketRows {
  const placeOf = new Int32Array(buckets).fill(-1);
  const bucketOf: number[] = [];
  const counts = new Int32Array(buckets);
  for (let row = 0; row < rows; row++) {
    for (let at = starts[row]!; at < ends[row]!; at++) {
      const bucket = ids[at]!;
      if (placeOf[bucket] === -1) placeOf[bucket] = bucketOf.push(bucket) - 1;
      counts[placeOf[bucket]!]! += 1;
    }
  }
  const offsets = sharedInts(bucketOf.length + 1);
  for (let b = 0; b < bucketOf.length; b++) offsets[b + 1] = offsets[b]! + counts[b]!;
  const next = offsets.slice();
  const requests = sharedInts(offsets[bucketOf.length]!);
  const values = sharedFloats(requests.length);
  for (let row = 0; row < rows; row++) {
    for (let at = starts[row]!; at < ends[row]!; at++) {
      const place = next[placeOf[ids[at]!]!]!++;
      requests[place] = row;
      values[place] = weights[at]!;
    }
  }
  const byBucket = {
    rows: bucketOf.length,
    starts: offsets.subarray(0, -1),
    ends: offsets.subarray(1),
    ids: requests,
    weights: values,
  };
  return { byBucket, bucketOf: Int32Array.from(bucketOf) };
}

/** Weighted sums of one column: out[i] = the sum over row i of weight x values[id]. Float64 throughout: with arrays of two types
 * the compiled loop is several times slower.
 * @param out filled up to the number of rows */
export function poolColumn(
  { rows, starts, ends, ids, weights }: SparseRows,
  values: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const end = ends[row]!;
    let sum = 0;
    for (let at = starts[row]!; at < end; at++) sum += values[ids[at]!]! * weights[at]!;
    out[row] = sum;
  }
}

/** The same for four columns side by side, which takes half the time of one after another: a row is read once, and sums don't
 * wait for each other. Each column's sums have the bits of {@link poolColumn}.
 * @param values (ids, 4)
 * @param out (rows, 4) */
export function poolFourColumns(
  { rows, starts, ends, ids, weights }: SparseRows,
  values: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const end = ends[row]!;
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let at = starts[row]!; at < end; at++) {
      const weight = weights[at]!;
      const from = ids[at]! * 4;
      first += values[from]! * weight;
      second += values[from + 1]! * weight;
      third += values[from + 2]! * weight;
      fourth += values[from + 3]! * weight;
    }
    const to = row * 4;
    out[to] = first;
    out[to + 1] = second;
    out[to + 2] = third;
    out[to + 3] = fourth;
  }
}
