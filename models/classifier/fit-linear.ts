import { type FeatureMatrix, poolTable, scatterGradient } from "./feature-matrix.js";
import { createHeadLoss, type Targets } from "./head-loss.js";
import { minimiseLbfgs } from "./minimise-lbfgs.js";
import { denseMoments, standardise } from "./standardise.js";

/** L2 penalties of one column, per unit of summed loss. */
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

/** Fit all columns at once by penalised maximum likelihood (a convex problem, L-BFGS to convergence). The n-gram part
 * runs in typed arrays; TensorFlow.js gives the loss and its gradients with respect to the pooled sums and the dense
 * weights. Dense features are standardised on these rows, which is folded back into the returned weights.
 * @param penalties one per column */
export function fitLinear(
  matrix: FeatureMatrix,
  targets: Targets,
  penalties: readonly Penalty[],
  { iterations = 60, tolerance = 1e-5 }: { iterations?: number; tolerance?: number } = {},
): LinearModel {
  const { buckets, denseFeatures } = matrix;
  const columns = targets.columns.length;
  const moments = denseMoments(matrix.dense, denseFeatures);
  const loss = createHeadLoss(standardise(matrix.dense, moments), denseFeatures, targets);
  const { local, bucketOf } = localBuckets(matrix, penalties.some(({ wide }) => wide !== null));
  const wideSize = bucketOf.length * columns;
  const denseSize = denseFeatures * columns;
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    const table = x.subarray(0, wideSize);
    const result = loss.evaluate(
      poolTable(local, table, columns),
      Float32Array.from(x.subarray(wideSize, wideSize + denseSize)),
      Float32Array.from(x.subarray(wideSize + denseSize)),
    );
    gradient.fill(0);
    scatterGradient(local, result.pooled, columns, gradient);
    gradient.set(result.dense, wideSize);
    gradient.set(result.bias, wideSize + denseSize);
    let value = result.loss;
    for (let i = 0; i < wideSize + denseSize; i++) {
      const penalty = penalties[i % columns]!;
      const strength = i < wideSize ? penalty.wide : penalty.dense;
      if (strength === null) {
        gradient[i] = 0;
        continue;
      }
      value += (strength / 2) * x[i]! * x[i]!;
      gradient[i]! += strength * x[i]!;
    }
    return value;
  };
  const solution = minimiseLbfgs(objective, startAt(wideSize + denseSize, targets), { iterations, tolerance });
  loss.dispose();

  const wideTable = new Float32Array(buckets * columns);
  bucketOf.forEach((bucket, i) => {
    for (let c = 0; c < columns; c++) wideTable[bucket * columns + c] = solution[i * columns + c]!;
  });
  const denseWide = new Float32Array(denseSize);
  const bias = Float64Array.from(solution.subarray(wideSize + denseSize));
  for (let i = 0; i < denseSize; i++) {
    const j = Math.floor(i / columns);
    if (moments.spread[j] === 0) continue;
    const weight = solution[wideSize + i]! / moments.spread[j]!;
    denseWide[i] = weight;
    bias[i % columns]! -= weight * moments.mean[j]!;
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
function localBuckets(matrix: FeatureMatrix, hasWide: boolean): { local: FeatureMatrix; bucketOf: Int32Array } {
  if (!hasWide) {
    const local = { ...matrix, offsets: new Int32Array(matrix.rows + 1), ids: new Int32Array(0), weights: new Float32Array(0) };
    return { local, bucketOf: new Int32Array(0) };
  }
  const localOf = new Int32Array(matrix.buckets).fill(-1);
  const bucketOf: number[] = [];
  const ids = matrix.ids.map((bucket) => {
    if (localOf[bucket] === -1) localOf[bucket] = bucketOf.push(bucket) - 1;
    return localOf[bucket]!;
  });
  return { local: { ...matrix, ids }, bucketOf: Int32Array.from(bucketOf) };
}

/** Zero weights, and biases that already fit the mean target, so that the first steps aren't spent on them. */
function startAt(weightCount: number, { columns, values, weights }: Targets): Float64Array {
  const start = new Float64Array(weightCount + columns.length);
  columns.forEach((column, c) => {
    let sum = 0;
    let total = 0;
    for (let i = c; i < values.length; i += columns.length) {
      sum += values[i]! * weights[i]!;
      total += weights[i]!;
    }
    const mean = total > 0 ? sum / total : 0.5;
    const share = Math.min(0.999, Math.max(0.001, mean));
    start[weightCount + c] = column.kind === "logistic" ? Math.log(share / (1 - share)) : mean;
  });
  return start;
}
