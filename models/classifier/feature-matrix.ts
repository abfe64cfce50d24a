import { FEATURISER, featurise, type RouteRequest } from "@signalbox/runtime";
import { sharedFloats, sharedInts } from "../../datasets/shared-arrays.js";

/** Features of many requests: the sparse part row-compressed, ids being buckets; the dense part row-major. Matrices made here are in
 * shared memory, for worker threads. */
export interface FeatureMatrix {
  rows: number;
  buckets: number;
  /** Row i owns ids and weights from offsets[i] to offsets[i + 1]. */
  offsets: Int32Array;
  ids: Int32Array;
  weights: Float32Array;
  denseFeatures: number;
  /** (rows, denseFeatures) */
  dense: Float32Array;
}

/** Featurise requests with the runtime's own featuriser, so that training and serving can't differ.
 * @param onRow called after each row */
export function featureMatrix(
  requests: readonly RouteRequest[],
  onRow: (done: number) => void = () => {},
): FeatureMatrix {
  const rows = requests.length;
  const denseFeatures = FEATURISER.denseNames.length;
  const offsets = sharedInts(rows + 1);
  const dense = sharedFloats(rows * denseFeatures);
  let ids = sharedInts(rows * usualGrams);
  let weights = sharedFloats(ids.length);
  requests.forEach((request, row) => {
    const vector = featurise(request);
    const start = offsets[row]!;
    const end = start + vector.ids.length;
    if (end > ids.length) {
      const length = Math.ceil(1.5 * end);
      ids = enlarge(ids, sharedInts(length));
      weights = enlarge(weights, sharedFloats(length));
    }
    ids.set(vector.ids, start);
    weights.set(vector.weights, start);
    dense.set(vector.dense, row * denseFeatures);
    offsets[row + 1] = end;
    onRow(row + 1);
  });
  const size = offsets[rows]!;
  return {
    rows,
    buckets: FEATURISER.buckets,
    denseFeatures,
    offsets,
    ids: ids.subarray(0, size),
    weights: weights.subarray(0, size),
    dense,
  };
}

/** N-grams of a request that room is made for at first. Room that is not used takes up addresses, no memory. */
const usualGrams = 1_024;

function enlarge<Values extends Int32Array | Float32Array>(values: Values, into: Values): Values {
  into.set(values);
  return into;
}

/** The matrix of some of its rows, in the order given. */
export function selectRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const { denseFeatures } = matrix;
  const offsets = sharedInts(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i]! + matrix.offsets[rows[i]! + 1]! - matrix.offsets[rows[i]!]!;
  }
  const ids = sharedInts(offsets[rows.length]!);
  const weights = sharedFloats(ids.length);
  const dense = sharedFloats(rows.length * denseFeatures);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const start = matrix.offsets[row]!;
    const end = matrix.offsets[row + 1]!;
    ids.set(matrix.ids.subarray(start, end), offsets[i]);
    weights.set(matrix.weights.subarray(start, end), offsets[i]);
    dense.set(matrix.dense.subarray(row * denseFeatures, (row + 1) * denseFeatures), i * denseFeatures);
  }
  return { ...matrix, rows: rows.length, offsets, ids, weights, dense };
}

/** Weighted sums of a table's rows, one per request: the embedding-bag product of the sparse part.
 * @param table (buckets, columns), row-major
 * @param rows those to pool, in the order wanted; all by default
 * @returns (rows, columns) */
export function poolTable(
  matrix: FeatureMatrix,
  table: Float64Array | Float32Array,
  columns: number,
  rows?: Int32Array,
): Float32Array {
  const count = rows === undefined ? matrix.rows : rows.length;
  const out = new Float32Array(count * columns);
  const sums = new Float64Array(columns);
  for (let i = 0; i < count; i++) {
    const row = rows === undefined ? i : rows[i]!;
    sums.fill(0);
    for (let at = matrix.offsets[row]!; at < matrix.offsets[row + 1]!; at++) {
      const start = matrix.ids[at]! * columns;
      const weight = matrix.weights[at]!;
      for (let column = 0; column < columns; column++) sums[column]! += table[start + column]! * weight;
    }
    out.set(sums, i * columns);
  }
  return out;
}

/** The transposed product of {@link poolTable}: scatter values of the requests back into a table.
 * @param values (rows, columns)
 * @param out (buckets, columns), added to */
export function scatterRows(
  matrix: FeatureMatrix,
  values: Float32Array,
  columns: number,
  out: Float64Array,
): void {
  for (let row = 0; row < matrix.rows; row++) {
    const from = row * columns;
    for (let at = matrix.offsets[row]!; at < matrix.offsets[row + 1]!; at++) {
      const start = matrix.ids[at]! * columns;
      const weight = matrix.weights[at]!;
      for (let column = 0; column < columns; column++)
        out[start + column]! += values[from + column]! * weight;
    }
  }
}
