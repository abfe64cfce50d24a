import {
  type FeatureMatrix,
  poolColumn,
  poolTable,
  type SparseRows,
  transposeSparse,
} from "./feature-matrix.js";
import { createHeadLoss, type HeadLoss, selectColumn, type Targets } from "./head-loss.js";
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
  const inputs = layOutInputs(matrix);
  const parts = targets.columns.map(({ kind }, column) => {
    const floor = kind === "quantile" ? leastQuantilePenalty : 0;
    const held = penalties.map(({ wide, dense }) => ({
      wide: wide === null ? null : Math.max(wide, floor),
      dense,
    }));
    return fitColumn(inputs, selectColumn(targets, column), held);
  });
  return penalties.map((_, at) => {
    onFit();
    return mergeColumns(parts.map((models) => models[at]!));
  });
}

/** Answer lengths are told from few and coarse features; weaker penalties cost time and gain nothing there. */
const leastQuantilePenalty = 10;

/** What all columns are fitted on. */
interface LinearInputs {
  /** Buckets renumbered to those that occur. */
  local: FeatureMatrix;
  bucketOf: Int32Array;
  /** The same by bucket, for gradients. */
  transposed: SparseRows;
  moments: DenseMoments;
  /** Standardised, (rows, features). */
  dense: Float32Array;
  buckets: number;
}

function layOutInputs(matrix: FeatureMatrix): LinearInputs {
  const { local, bucketOf } = localBuckets(matrix);
  const moments = denseMoments(matrix.dense, matrix.denseFeatures);
  return {
    local,
    bucketOf,
    transposed: transposeSparse(local),
    moments,
    dense: standardise(matrix.dense, moments),
    buckets: matrix.buckets,
  };
}

/** One column along the path of penalties.
 * @param targets of this column alone */
function fitColumn(inputs: LinearInputs, targets: Targets, penalties: readonly Penalty[]): LinearModel[] {
  const { local, moments, dense } = inputs;
  const loss = createHeadLoss(dense, local.denseFeatures, targets);
  const squares = squareSums(inputs, targets.weights);
  let solution = startAt(local.buckets + local.denseFeatures, targets);
  const models: LinearModel[] = [];
  penalties.forEach((penalty, at) => {
    const before = penalties[at - 1];
    if (before?.wide === penalty.wide && before.dense === penalty.dense) {
      models.push(models.at(-1)!);
      return;
    }
    const curvature = squares.map(
      (square, i) => square / 4 + (i < local.buckets ? (penalty.wide ?? 1) : penalty.dense) + 1,
    );
    solution = minimiseLbfgs(penalisedLoss(loss, inputs, penalty), solution, curvature);
    models.push(inRawUnits(solution, inputs.buckets, inputs.bucketOf, moments));
  });
  loss.dispose();
  return models;
}

/** Put separately fitted columns side by side. */
function mergeColumns(models: readonly LinearModel[]): LinearModel {
  const width = models.length;
  const merge = (values: (model: LinearModel) => Float32Array) => {
    const columns = models.map(values);
    const out = new Float32Array(columns[0]!.length * width);
    columns.forEach((column, c) => {
      for (let i = 0; i < column.length; i++) out[i * width + c] = column[i]!;
    });
    return out;
  };
  return {
    columns: width,
    wideTable: merge(({ wideTable }) => wideTable),
    denseWide: merge(({ denseWide }) => denseWide),
    bias: merge(({ bias }) => bias),
  };
}

/** Weighted sum of squares of the input of each coefficient: four times a bound of the logistic loss's curvature.
 * @param rowWeights of the column */
function squareSums({ local, dense }: LinearInputs, rowWeights: Float32Array): Float64Array {
  const { rows, buckets, denseFeatures, offsets, ids, weights } = local;
  const sums = new Float64Array(buckets + denseFeatures + 1);
  for (let row = 0; row < rows; row++) {
    const counts = rowWeights[row]!;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sums[ids[at]!]! += counts * weights[at]! ** 2;
    for (let j = 0; j < denseFeatures; j++)
      sums[buckets + j]! += counts * dense[row * denseFeatures + j]! ** 2;
    sums[buckets + denseFeatures]! += counts;
  }
  return sums;
}

/** The function to minimise; x holds the n-gram weights, then the dense weights, then the bias. */
function penalisedLoss(loss: HeadLoss, { local, transposed }: LinearInputs, penalty: Penalty): Objective {
  const isWide = penalty.wide !== null;
  const sums = new Float64Array(local.rows);
  const biasStart = local.buckets + local.denseFeatures;
  return (x, gradient) => {
    if (isWide) poolColumn(local, x, sums);
    const result = loss.evaluate(
      Float32Array.from(sums),
      Float32Array.from(x.subarray(local.buckets, biasStart)),
      Float32Array.from(x.subarray(biasStart)),
    );
    if (isWide) poolColumn(transposed, Float64Array.from(result.pooled), gradient);
    else gradient.fill(0, 0, local.buckets);
    gradient.set(result.dense, local.buckets);
    gradient.set(result.bias, biasStart);
    const wide = isWide ? addRidge(x, gradient, 0, local.buckets, penalty.wide!) : 0;
    return result.loss + wide + addRidge(x, gradient, local.buckets, biasStart, penalty.dense);
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
  buckets: number,
  bucketOf: Int32Array,
  { mean, spread }: DenseMoments,
): LinearModel {
  const wideTable = new Float32Array(buckets);
  bucketOf.forEach((bucket, i) => {
    wideTable[bucket] = solution[i]!;
  });
  const denseWide = new Float32Array(mean.length);
  let bias = solution.at(-1)!;
  for (let j = 0; j < denseWide.length; j++) {
    if (spread[j] === 0) continue;
    const weight = solution[bucketOf.length + j]! / spread[j]!;
    denseWide[j] = weight;
    bias -= weight * mean[j]!;
  }
  return { columns: 1, wideTable, denseWide, bias: Float32Array.of(bias) };
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
  return { local: { ...matrix, ids, buckets: bucketOf.length }, bucketOf: Int32Array.from(bucketOf) };
}

/** Zero weights, and biases that already fit the mean target. */
function startAt(weightCount: number, targets: Targets): Float64Array {
  const start = new Float64Array(weightCount + targets.columns.length);
  start.set(meanLogits(targets), weightCount);
  return start;
}
