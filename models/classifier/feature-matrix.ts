import { FEATURISER, featurise, type RouteRequest } from "@signalbox/runtime";

/** Features of many requests: the sparse part row-compressed, ids being buckets; the dense part row-major. */
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
  const vectors = requests.map((request, i) => {
    const vector = featurise(request);
    onRow(i + 1);
    return vector;
  });
  const denseFeatures = FEATURISER.denseNames.length;
  const offsets = new Int32Array(vectors.length + 1);
  vectors.forEach((vector, i) => {
    offsets[i + 1] = offsets[i]! + vector.ids.length;
  });
  const ids = new Int32Array(offsets[vectors.length]!);
  const weights = new Float32Array(ids.length);
  const dense = new Float32Array(vectors.length * denseFeatures);
  vectors.forEach((vector, i) => {
    ids.set(vector.ids, offsets[i]);
    weights.set(vector.weights, offsets[i]);
    dense.set(vector.dense, i * denseFeatures);
  });
  return { rows: vectors.length, buckets: FEATURISER.buckets, denseFeatures, offsets, ids, weights, dense };
}

/** The matrix of some of its rows, in the order given. */
export function selectRows(matrix: FeatureMatrix, rows: ArrayLike<number>): FeatureMatrix {
  const { denseFeatures } = matrix;
  const offsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i]! + matrix.offsets[rows[i]! + 1]! - matrix.offsets[rows[i]!]!;
  }
  const ids = new Int32Array(offsets[rows.length]!);
  const weights = new Float32Array(ids.length);
  const dense = new Float32Array(rows.length * denseFeatures);
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
 * @returns (rows, columns) */
export function poolTable(
  matrix: FeatureMatrix,
  table: Float64Array | Float32Array,
  columns: number,
): Float32Array {
  const out = new Float32Array(matrix.rows * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < matrix.rows; row++) {
    sums.fill(0);
    for (let at = matrix.offsets[row]!; at < matrix.offsets[row + 1]!; at++) {
      const start = matrix.ids[at]! * columns;
      const weight = matrix.weights[at]!;
      for (let column = 0; column < columns; column++) sums[column]! += table[start + column]! * weight;
    }
    out.set(sums, row * columns);
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
