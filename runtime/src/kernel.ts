import type { Engine, Prediction } from "./engine.js";
import type { FeatureVector } from "./featurise.js";
import type { RouterModel } from "./onnx-decode.js";

/** Build the engine that needs nothing but this package. Sums are accumulated in float64, ids in the order given. */
export function createKernel(model: RouterModel): Engine {
  const { hidden, denseFeatures, probabilities } = model;
  const columns = probabilities + model.lengthQuantiles;
  const blocks = layOutBlocks(model, columns);
  const sums = new Float64Array(blocks.length * blockColumns);

  function predict({ ids, weights, dense }: FeatureVector): Prediction {
    blocks.forEach((block, i) => {
      poolBlock(block, ids, weights, sums, i * blockColumns);
    });
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
    return calibrate(model, sums);
  }

  return { name: "kernel", predict };
}

/** Columns of the tables are pooled in blocks of this many, so that their sums stay in registers. */
const blockColumns = 8;

/** The wide and the deep table side by side, cut into blocks of columns: block after block, each B rows of eight. A block
 * of 2^15 rows is 1 MB, which a core's own cache holds. Missing columns of the last block are zero. */
function layOutBlocks(
  { buckets, hidden, wideTable, deepTable }: RouterModel,
  columns: number,
): Float32Array[] {
  const blocks = Array.from(
    { length: Math.ceil((columns + hidden) / blockColumns) },
    () => new Float32Array(buckets * blockColumns),
  );
  copyColumns(wideTable, columns, 0, blocks);
  copyColumns(deepTable, hidden, columns, blocks);
  return blocks;
}

function copyColumns(table: Float32Array, width: number, firstColumn: number, blocks: Float32Array[]): void {
  for (let j = 0; j < width; j++) {
    const column = firstColumn + j;
    const block = blocks[Math.floor(column / blockColumns)]!;
    let to = column % blockColumns;
    for (let from = j; from < table.length; from += width, to += blockColumns) block[to] = table[from]!;
  }
}

function poolBlock(
  block: Float32Array,
  ids: Int32Array,
  weights: Float32Array,
  sums: Float64Array,
  to: number,
): void {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < ids.length; i++) {
    const weight = weights[i]!;
    const row = ids[i]! * blockColumns;
    a += weight * block[row]!;
    b += weight * block[row + 1]!;
    c += weight * block[row + 2]!;
    d += weight * block[row + 3]!;
    e += weight * block[row + 4]!;
    f += weight * block[row + 5]!;
    g += weight * block[row + 6]!;
    h += weight * block[row + 7]!;
  }
  sums[to] = a;
  sums[to + 1] = b;
  sums[to + 2] = c;
  sums[to + 3] = d;
  sums[to + 4] = e;
  sums[to + 5] = f;
  sums[to + 6] = g;
  sums[to + 7] = h;
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

function calibrate(model: RouterModel, sums: Float64Array): Prediction {
  const probabilities = new Float64Array(model.probabilities);
  const lengthQuantiles = new Float64Array(model.lengthQuantiles);
  for (let k = 0; k < probabilities.length + lengthQuantiles.length; k++) {
    const logit = (sums[k]! + model.bias[k]!) * model.scale[k]! + model.shift[k]!;
    if (k < probabilities.length) probabilities[k] = 1 / (1 + Math.exp(-logit));
    else lengthQuantiles[k - probabilities.length] = logit;
  }
  return { probabilities, lengthQuantiles };
}
