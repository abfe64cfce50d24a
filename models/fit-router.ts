import { FEATURISER, type Head } from "@signalbox/runtime";
import { crossCalibrate } from "./calibration/cross-calibrate.js";
import { type AffineCalibration, calibratedProbability, fitPlatt } from "./calibration/fit-platt.js";
import { crossFit, fitAveraged, penaltyGrid } from "./classifier/cross-fit.js";
import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";
import { type LinearModel, linearLogits } from "./classifier/fit-linear.js";
import { type ColumnLoss, selectTargets, type Targets } from "./classifier/head-loss.js";
import { startTfjs } from "./classifier/tfjs.js";
import type { RouterWeights } from "./router-weights.js";
import { assignFolds, rowsWhere, splitByTime } from "./split.js";

/** What one output column is fitted and calibrated to, one entry per row. */
interface ColumnTarget {
  loss: ColumnLoss;
  fit: Float64Array;
  /** What the calibrated probability stands for, in [0, 1]; ignored for quantiles. */
  calibrate: Float64Array;
  /** 0 = not known for this row. */
  weights: Float64Array;
}

/** Targets of every head, probability heads first. */
export interface RouterTargets {
  heads: Head[];
  lengthQuantiles: number[];
  columns: ColumnTarget[];
}

/** How rows were divided: see {@link planSplit}. */
export interface SplitPlan {
  kind: "cross_fit" | "time";
  /** Fold of each row, or its part: 0 train, 1 calibration, 2 threshold. */
  parts: Int32Array;
  about: string;
}

/** A trained router with its predictions on rows that it was not fitted to. */
export interface FittedRouter {
  weights: RouterWeights;
  /** Rows whose logits come from a model that did not see them. */
  heldOut: Int32Array;
  /** Probability of each head for each held-out row, on the exported calibration: for thresholds and rankings. */
  probabilities: Float64Array[];
  /** The same by a calibration that did not see the row either: for figures of calibration. After cross-fitting the folds'
   * calibrations differ a little, which would scramble the order of rows between folds; so these don't rank. */
  crossCalibrated: Float64Array[];
  /** Predicted length quantiles for each held-out row. */
  lengths: Float64Array[];
}

const folds = 5;
const timeShares = [0.6, 0.15, 0.25];

/** Below this many rows a three-way split leaves too little for each part. */
const leastTimeSplitRows = 3_000;

/** Divide rows for training, calibration and thresholds. Enough rows that all have a time are cut by time, 60 / 15 / 25 %,
 * so that thresholds are certified on traffic younger than what was trained on. All others are cross-fitted in 5 folds:
 * every row then has a prediction made without it, thresholds rest on all rows, and the exported model is fitted to all.
 * @param groups rows that must stay together
 * @param times microseconds; null = unknown */
export function planSplit(
  groups: ArrayLike<number>,
  times: ReadonlyArray<number | null>,
  seed: number,
): SplitPlan {
  const isDated = times.length >= leastTimeSplitRows && times.every((time) => time !== null);
  if (isDated) {
    const parts = splitByTime(groups, times as number[], timeShares);
    return {
      kind: "time",
      parts,
      about: "by time and session: oldest 60 % train, 15 % calibration, latest 25 % thresholds",
    };
  }
  const about =
    "5-fold cross-fitting by session: every row is predicted without its fold; final model on all rows";
  return { kind: "cross_fit", parts: assignFolds(groups, folds, seed), about };
}

/** Train, calibrate and predict held-out rows as the plan says. The same input and seed give the same bits.
 * @param groups rows that must stay together
 * @param onFit called as fits finish */
export async function fitRouter(
  matrix: FeatureMatrix,
  targets: RouterTargets,
  groups: ArrayLike<number>,
  plan: SplitPlan,
  { seed, onFit = () => {} }: { seed: number; onFit?: (done: number, total: number) => void },
): Promise<FittedRouter> {
  await startTfjs();
  let fits = 0;
  const counted = () => onFit(++fits, penaltyGrid.length * (folds + 1));
  const matrixTargets = layOut(targets);
  return plan.kind === "time"
    ? fitByTime(matrix, targets, matrixTargets, groups, plan.parts, seed, counted)
    : fitCrossed(matrix, targets, matrixTargets, plan.parts, counted);
}

function fitCrossed(
  matrix: FeatureMatrix,
  targets: RouterTargets,
  matrixTargets: Targets,
  foldOf: Int32Array,
  onFit: () => void,
): FittedRouter {
  const { logits, gridWeights } = crossFit(matrix, matrixTargets, foldOf, onFit);
  const model = fitAveraged(matrix, matrixTargets, gridWeights, onFit);
  const columns = targets.columns.map((_, c) => columnOf(logits, c, targets.columns.length));
  const heads = targets.columns.slice(0, targets.heads.length);
  const calibrations = heads.map(({ calibrate, weights }, c) => fitPlatt(columns[c]!, calibrate, weights));
  return {
    weights: assemble(matrix, targets, model, calibrations),
    heldOut: Int32Array.from(foldOf, (_, row) => row),
    probabilities: applyEach(calibrations, columns),
    crossCalibrated: heads.map(({ calibrate, weights }, c) =>
      crossCalibrate(columns[c]!, calibrate, weights, foldOf),
    ),
    lengths: columns.slice(targets.heads.length),
  };
}

function fitByTime(
  matrix: FeatureMatrix,
  targets: RouterTargets,
  matrixTargets: Targets,
  groups: ArrayLike<number>,
  parts: Int32Array,
  seed: number,
  onFit: () => void,
): FittedRouter {
  const [trainRows, calibrationRows, heldOut] = [0, 1, 2].map((part) =>
    rowsWhere(parts, (other) => other === part),
  );
  const training = selectRows(matrix, trainRows!);
  const trainingTargets = selectTargets(matrixTargets, trainRows!);
  const trainingFolds = assignFolds(renumber(trainRows!.map((row) => groups[row]!)), folds, seed);
  const { gridWeights } = crossFit(training, trainingTargets, trainingFolds, onFit);
  const model = fitAveraged(training, trainingTargets, gridWeights, onFit);
  const width = targets.columns.length;
  const calibrationLogits = linearLogits(selectRows(matrix, calibrationRows!), model);
  const heldOutLogits = linearLogits(selectRows(matrix, heldOut!), model);
  const calibrations = targets.columns
    .slice(0, targets.heads.length)
    .map(({ calibrate, weights }, c) =>
      fitPlatt(
        columnOf(calibrationLogits, c, width),
        pick(calibrate, calibrationRows!),
        pick(weights, calibrationRows!),
      ),
    );
  const columns = targets.columns.map((_, c) => columnOf(heldOutLogits, c, width));
  const probabilities = applyEach(calibrations, columns);
  return {
    weights: assemble(matrix, targets, model, calibrations),
    heldOut: heldOut!,
    probabilities,
    crossCalibrated: probabilities,
    lengths: columns.slice(targets.heads.length),
  };
}

function applyEach(
  calibrations: readonly AffineCalibration[],
  columns: readonly Float64Array[],
): Float64Array[] {
  return calibrations.map((calibration, c) =>
    columns[c]!.map((logit) => calibratedProbability(logit, calibration)),
  );
}

function layOut({ columns }: RouterTargets): Targets {
  const width = columns.length;
  const rows = columns[0]!.fit.length;
  const values = new Float32Array(rows * width);
  const weights = new Float32Array(rows * width);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) {
      values[row * width + c] = column.fit[row]!;
      weights[row * width + c] = column.weights[row]!;
    }
  });
  return { columns: columns.map(({ loss }) => loss), values, weights };
}

function assemble(
  matrix: FeatureMatrix,
  { heads, lengthQuantiles }: RouterTargets,
  model: LinearModel,
  calibrations: readonly AffineCalibration[],
): RouterWeights {
  const empty = new Float32Array(0);
  return {
    heads,
    lengthQuantiles,
    featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
    buckets: matrix.buckets,
    denseFeatures: matrix.denseFeatures,
    hidden: 0,
    wideTable: model.wideTable,
    denseWide: model.denseWide,
    bias: model.bias,
    deepTable: empty,
    denseDeep: empty,
    deepBias: empty,
    deepOut: empty,
    scale: Float32Array.from([...calibrations.map(({ scale }) => scale), ...lengthQuantiles.map(() => 1)]),
    shift: Float32Array.from([...calibrations.map(({ shift }) => shift), ...lengthQuantiles.map(() => 0)]),
  };
}

function columnOf(values: Float32Array, column: number, width: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => values[row * width + column]!);
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function renumber(groups: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return groups.map((group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
}
