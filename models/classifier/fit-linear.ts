import { type FeatureMatrix, poolTable, scatterGradient } from "./feature-matrix.js";
import { createHeadLoss, type HeadLoss, selectColumns, type Targets } from "./head-loss.js";
import { meanLogits } from "./mean-logits.js";
import { minimiseLbfgs, type Objective } from "./minimise-lbfgs.js";
import { type DenseMoments, denseMoments, standardise } from "./standardise.js";

/** L2 penalties, per unit of summed loss. */
export interface Penalty {
  /** On n-gram weights; null leaves n-grams out. */
  wide: number | null;
  /** On weights of standardised dense features. */
  dense: number;
}

/** A fitted linear model in the units of raw features: logits = pooled + dense x denseWide + bias. */
export interface LinearModel {
  columns: number;
  /** (buckets, columns) */
  wideTable: Float32Array;
  /** (features, columns) */
  denseWide: Float32Array;
  /** (columns) */
  bias: Float32Array;
}

/** Fit all columns by penalised maximum likelihood (a convex problem, L-BFGS), once per penalty. Columns share no weights, so
 * each is fitted apart: one that converges late holds up no other. Each fit starts from the
 * one before it, so give penalties from strong to weak. The n-gram part runs in typed arrays; TensorFlow.js gives the loss
 * and its gradients with respect to the pooled sums and the dense weights. Dense features are standardised on these rows,
 * which is folded back into the returned weights.
 * @returns one model per penalty, in order */
export function fitLinearPath(
  matrix: FeatureMatrix,
  targets: Targets,
  penalties: readonly Penalty[],
  onFit: () => void = () => {},
): LinearModel[] {
  const parts = targets.columns.map(({ kind }, column) => {
    const columns = [column];
    const floor = kind === "quantile" ? leastQuantilePenalty : 0;
    const held = penalties.map(({ wide, dense }) => ({
      wide: wide === null ? null : Math.max(wide, floor),
      dense,
    }));
    return { columns, models: fitColumns(matrix, selectColumns(targets, columns), held) };
  });
  return penalties.map((_, at) => {
    onFit();
    return mergeColumns(parts.map(({ columns, models }) => ({ columns, model: models[at]! })));
  });
}

/** Answer lengths are told from few and coarse features; weaker penalties cost time and gain nothing there. */
const leastQuantilePenalty = 10;

function fitColumns(matrix: FeatureMatrix, targets: Targets, penalties: readonly Penalty[]): LinearModel[] {
  const columns = targets.columns.length;
  const moments = denseMoments(matrix.dense, matrix.denseFeatures);
  const dense = standardise(matrix.dense, moments);
  const loss = createHeadLoss(dense, matrix.denseFeatures, targets);
  const { local, bucketOf } = localBuckets(matrix);
  const sizes = { wide: bucketOf.length * columns, dense: matrix.denseFeatures * columns };
  const squares = squareSums(local, dense, targets, sizes);
  let solution = startAt(sizes.wide + sizes.dense, targets);
  const models: LinearModel[] = [];
  penalties.forEach((penalty, at) => {
    const before = penalties[at - 1];
    if (before?.wide === penalty.wide && before.dense === penalty.dense) {
      models.push(models.at(-1)!);
      return;
    }
    const curvature = squares.map(
      (square, i) => square / 4 + (i < sizes.wide ? (penalty.wide ?? 1) : penalty.dense) + 1,
    );
    solution = minimiseLbfgs(penalisedLoss(loss, local, columns, sizes, penalty), solution, curvature);
    models.push(inRawUnits(solution, columns, matrix.buckets, bucketOf, moments));
  });
  loss.dispose();
  return models;
}

/** Put the columns of separately fitted models back in their order. */
function mergeColumns(parts: ReadonlyArray<{ columns: readonly number[]; model: LinearModel }>): LinearModel {
  const width = parts.reduce((sum, { columns }) => sum + columns.length, 0);
  const merge = (values: (model: LinearModel) => Float32Array) => {
    const rows = values(parts[0]!.model).length / parts[0]!.columns.length;
    const out = new Float32Array(rows * width);
    for (const { columns, model } of parts) {
      const from = values(model);
      for (let row = 0; row < rows; row++) {
        columns.forEach((column, c) => {
          out[row * width + column] = from[row * columns.length + c]!;
        });
      }
    }
    return out;
  };
  return {
    columns: width,
    wideTable: merge(({ wideTable }) => wideTable),
    denseWide: merge(({ denseWide }) => denseWide),
    bias: merge(({ bias }) => bias),
  };
}

/** Weighted sum of squares of the input of each coefficient: four times a bound of the logistic loss's curvature. */
function squareSums(
  { rows, offsets, ids, weights }: FeatureMatrix,
  dense: Float32Array,
  { columns, weights: rowWeights }: Targets,
  sizes: { wide: number; dense: number },
): Float64Array {
  const width = columns.length;
  const features = sizes.dense / width;
  const sums = new Float64Array(sizes.wide + sizes.dense + width);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      const counts = rowWeights[row * width + c]!;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++)
        sums[ids[at]! * width + c]! += counts * weights[at]! ** 2;
      for (let j = 0; j < features; j++)
        sums[sizes.wide + j * width + c]! += counts * dense[row * features + j]! ** 2;
      sums[sizes.wide + sizes.dense + c]! += counts;
    }
  }
  return sums;
}

/** The function to minimise; x holds the n-gram weights, then the dense weights, then the biases. */
function penalisedLoss(
  loss: HeadLoss,
  matrix: FeatureMatrix,
  columns: number,
  sizes: { wide: number; dense: number },
  penalty: Penalty,
): Objective {
  const isWide = penalty.wide !== null;
  const noSums = new Float32Array(matrix.rows * columns);
  const biasStart = sizes.wide + sizes.dense;
  return (x, gradient) => {
    const result = loss.evaluate(
      isWide ? poolTable(matrix, x, columns) : noSums,
      Float32Array.from(x.subarray(sizes.wide, biasStart)),
      Float32Array.from(x.subarray(biasStart)),
    );
    gradient.fill(0);
    if (isWide) scatterGradient(matrix, result.pooled, columns, gradient);
    gradient.set(result.dense, sizes.wide);
    gradient.set(result.bias, biasStart);
    const wide = isWide ? addRidge(x, gradient, 0, sizes.wide, penalty.wide!) : 0;
    return result.loss + wide + addRidge(x, gradient, sizes.wide, biasStart, penalty.dense);
  };
}

function addRidge(
  x: Float64Array,
  gradient: Float64Array,
  from: number,
  to: number,
  strength: number,
): number {
  let squares = 0;
  for (let i = from; i < to; i++) {
    squares += x[i]! * x[i]!;
    gradient[i]! += strength * x[i]!;
  }
  return (strength / 2) * squares;
}

function inRawUnits(
  solution: Float64Array,
  columns: number,
  buckets: number,
  bucketOf: Int32Array,
  { mean, spread }: DenseMoments,
): LinearModel {
  const wideTable = new Float32Array(buckets * columns);
  bucketOf.forEach((bucket, i) => {
    wideTable.set(solution.subarray(i * columns, (i + 1) * columns), bucket * columns);
  });
  const wideSize = bucketOf.length * columns;
  const denseWide = new Float32Array(mean.length * columns);
  const bias = Float64Array.from(solution.subarray(wideSize + denseWide.length));
  for (let i = 0; i < denseWide.length; i++) {
    const j = Math.floor(i / columns);
    if (spread[j] === 0) continue;
    const weight = solution[wideSize + i]! / spread[j]!;
    denseWide[i] = weight;
    bias[i % columns]! -= weight * mean[j]!;
  }
  return { columns, wideTable, denseWide, bias: Float32Array.from(bias) };
}

/** Logits of every row, (rows, columns). */
export function linearLogits(matrix: FeatureMatrix, model: LinearModel): Float32Array {
  const { columns, denseWide, bias } = model;
  const out = poolTable(matrix, model.wideTable, columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let c = 0; c < columns; c++) {
      let sum = out[row * columns + c]! + bias[c]!;
      for (let j = 0; j < matrix.denseFeatures; j++) {
        sum += matrix.dense[row * matrix.denseFeatures + j]! * denseWide[j * columns + c]!;
      }
      out[row * columns + c] = sum;
    }
  }
  return out;
}

/** The matrix with its buckets renumbered to those that occur, so that absent n-grams cost nothing. */
function localBuckets(matrix: FeatureMatrix): { local: FeatureMatrix; bucketOf: Int32Array } {
  const localOf = new Int32Array(matrix.buckets).fill(-1);
  const bucketOf: number[] = [];
  const ids = matrix.ids.map((bucket) => {
    if (localOf[bucket] === -1) localOf[bucket] = bucketOf.push(bucket) - 1;
    return localOf[bucket]!;
  });
  return { local: { ...matrix, ids }, bucketOf: Int32Array.from(bucketOf) };
}

/** Zero weights, and biases that already fit the mean target. */
function startAt(weightCount: number, targets: Targets): Float64Array {
  const start = new Float64Array(weightCount + targets.columns.length);
  start.set(meanLogits(targets), weightCount);
  return start;
}
