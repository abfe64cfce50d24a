import type { Engine, Prediction } from "./engine.js";
import type { FeatureVector } from "./featurise.js";
import type { RouterModel } from "./onnx-decode.js";

/** Build the engine that needs nothing but this package. Sums are accumulated in float64, ids in the order given. */
export function createKernel(model: RouterModel): Engine {
  const { hidden, denseFeatures, columns } = model;
  const width = Math.ceil((columns + hidden) / blockColumns) * blockColumns;
  const table = layOutTable(model, columns, width);
  const sums = new Float64Array(width);

  function predict(features: FeatureVector): Prediction {
    const { dense } = features;
    poolRows(table, features, sums);
    for (let f = 0; f < denseFeatures; f++) {
      const value = dense[f]!;
      if (value === 0) continue;
      addScaledRow(model.denseWide, f * columns, columns, value, sums, 0);
      addScaledRow(model.denseDeep, f * hidden, hidden, value, sums, columns);
    }
    for (let h = 0; h < hidden; h++) {
      const activation = sums[columns + h]! + model.deepBias[h]!;
      if (activation > 0) addScaledRow(model.deepOut, h * columns, columns, activation, sums, 0);
    }
    return mixOutputs(model, sums);
  }

  return { name: "kernel", predict };
}

/** Columns are summed eight at a time, so that the sums stay in registers, over tiles of ids whose rows stay in the
 * processor's first-level cache until all their columns are done. */
const blockColumns = 8;
const tileIds = 128;

/** One table of B rows, each the wide row, the deep row and zeros up to a whole number of blocks. */
function layOutTable(
  { buckets, hidden, wideTable, deepTable }: RouterModel,
  columns: number,
  width: number,
): Float32Array {
  const table = new Float32Array(buckets * width);
  for (let b = 0; b < buckets; b++) {
    for (let k = 0; k < columns; k++) table[b * width + k] = wideTable[b * columns + k]!;
    for (let h = 0; h < hidden; h++) table[b * width + columns + h] = deepTable[b * hidden + h]!;
  }
  return table;
}

/** sums = the weighted sum of the ids' rows. */
function poolRows(table: Float32Array, { ids, weights }: FeatureVector, sums: Float64Array): void {
  sums.fill(0);
  for (let from = 0; from < ids.length; from += tileIds) {
    const to = Math.min(ids.length, from + tileIds);
    for (let column = 0; column < sums.length; column += blockColumns) {
      poolBlock(table, ids, weights, from, to, sums, column);
    }
  }
}

function poolBlock(
  table: Float32Array,
  ids: Int32Array,
  weights: Float32Array,
  from: number,
  to: number,
  sums: Float64Array,
  column: number,
): void {
  const width = sums.length;
  let a = sums[column]!;
  let b = sums[column + 1]!;
  let c = sums[column + 2]!;
  let d = sums[column + 3]!;
  let e = sums[column + 4]!;
  let f = sums[column + 5]!;
  let g = sums[column + 6]!;
  let h = sums[column + 7]!;
  for (let i = from; i < to; i++) {
    const weight = weights[i]!;
    const at = ids[i]! * width + column;
    a += weight * table[at]!;
    b += weight * table[at + 1]!;
    c += weight * table[at + 2]!;
    d += weight * table[at + 3]!;
    e += weight * table[at + 4]!;
    f += weight * table[at + 5]!;
    g += weight * table[at + 6]!;
    h += weight * table[at + 7]!;
  }
  sums[column] = a;
  sums[column + 1] = b;
  sums[column + 2] = c;
  sums[column + 3] = d;
  sums[column + 4] = e;
  sums[column + 5] = f;
  sums[column + 6] = g;
  sums[column + 7] = h;
}

function addScaledRow(
  matrix: Float32Array,
  from: number,
  length: number,
  factor: number,
  sums: Float64Array,
  to: number,
): void {
  for (let j = 0; j < length; j++) sums[to + j]! += factor * matrix[from + j]!;
}

function mixOutputs(model: RouterModel, sums: Float64Array): Prediction {
  const { columns, mix, shift } = model;
  const outputs = shift.length;
  const scores = Float64Array.from(shift);
  for (let k = 0; k < columns; k++) {
    const logit = sums[k]! + model.bias[k]!;
    const activated = sigmoid(logit);
    for (let o = 0; o < outputs; o++) {
      scores[o]! += logit * mix[k * outputs + o]! + activated * mix[(columns + k) * outputs + o]!;
    }
  }
  bendScores(model, scores);
  return {
    probabilities: scores.subarray(0, model.probabilities).map(sigmoid),
    lengthQuantiles: scores.slice(model.probabilities),
  };
}

function bendScores({ knots, bends }: RouterModel, scores: Float64Array): void {
  const perOutput = knots.length / scores.length;
  for (let o = 0; o < scores.length; o++) {
    const score = scores[o]!;
    for (let j = o * perOutput; j < (o + 1) * perOutput; j++) {
      scores[o]! += bends[j]! * Math.max(0, score - knots[j]!);
    }
  }
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
