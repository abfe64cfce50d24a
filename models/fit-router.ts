import { FEATURISER } from "@signalbox/runtime";
import { calibratedProbability } from "./calibration/calibration.js";
import { crossCalibrate } from "./calibration/cross-calibrate.js";
import { type ChosenCalibration, fitCalibration } from "./calibration/fit-calibration.js";
import { crossFit } from "./classifier/cross-fit.js";
import { type WideDeepModel, wideDeepLogits } from "./classifier/ensemble.js";
import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";
import { fitManyRows } from "./classifier/fit-many-rows.js";
import { planMembers } from "./classifier/fit-members.js";
import { selectTargets, type Targets } from "./classifier/head-loss.js";
import { mixOutputs } from "./mix-outputs.js";
import { foldCount, mostCrossFitRows, type SplitPlan } from "./plan-split.js";
import { type RouterTargets, scoreRows } from "./router-targets.js";
import type { RouterWeights } from "./router-weights.js";
import { assignFolds, rowsWhere } from "./split.js";

/** A trained router with its predictions on rows that it was not fitted to. */
export interface FittedRouter {
  weights: RouterWeights;
  /** Rows whose logits come from a model that did not see them. */
  heldOut: Int32Array;
  /** Their logits before mixing and calibration, (held-out rows, columns). */
  logits: Float32Array;
  /** Probability of each head for each held-out row, on the exported calibration: for thresholds and rankings. */
  probabilities: Float64Array[];
  /** The same by a calibration that did not see the row either: for figures of calibration. After cross-fitting the folds'
   * calibrations differ a little, which would scramble the order of rows between folds; so these don't rank. */
  crossCalibrated: Float64Array[];
  /** Predicted length quantiles for each held-out row. */
  lengths: Float64Array[];
  /** How each head was calibrated. */
  calibrations: ChosenCalibration[];
}

/** Train, calibrate and predict held-out rows as the plan says. The same input and seed give the same bits.
 * @param groups rows that must stay together
 * @param onFit called as fits finish */
export async function fitRouter(
  matrix: FeatureMatrix,
  targets: RouterTargets,
  groups: ArrayLike<number>,
  plan: SplitPlan,
  { seed, onFit = () => {} }: { seed: number; onFit?: OnFit },
): Promise<FittedRouter> {
  return plan.kind === "holdout"
    ? fitHeldOut({ matrix, targets, groups, parts: plan.parts, seed, onFit })
    : fitCrossed({ matrix, targets, foldOf: plan.parts, seed, onFit });
}

type OnFit = (done: number, total: number) => void;

/** The model alone: of many rows, a sample decides how members are weighed, and the members are fitted to all.
 * @param groups of all rows of the matrix */
async function fitModel(
  matrix: FeatureMatrix,
  rows: Int32Array,
  targets: Targets,
  groups: ArrayLike<number>,
  { seed, onFit }: { seed: number; onFit: OnFit },
): Promise<WideDeepModel> {
  const own = renumber(rows.map((row) => groups[row]!));
  const foldOf = assignFolds(own, foldCount(rows.length), seed);
  if (rows.length <= mostCrossFitRows) {
    const some = selectRows(matrix, rows);
    return (await crossFit(some, targets, foldOf, planMembers(some, seed), onFit)).model;
  }
  const draws = assignFolds(own, Math.ceil(rows.length / mostCrossFitRows), seed + 1);
  const sample = rowsWhere(draws, (draw) => draw === 0);
  const sampleFolds = sample.map((place) => foldOf[place]!);
  return fitManyRows({ matrix, rows, targets, sample, foldOf: sampleFolds }, seed, onFit);
}

async function fitCrossed({
  matrix,
  targets,
  foldOf,
  seed,
  onFit,
}: {
  matrix: FeatureMatrix;
  targets: RouterTargets;
  foldOf: Int32Array;
  seed: number;
  onFit: OnFit;
}): Promise<FittedRouter> {
  const plan = planMembers(matrix, seed);
  const { logits, model } = await crossFit(matrix, layOut(targets), foldOf, plan, onFit);
  const width = targets.columns.length;
  const scores = targets.heads.map(({ terms }) => scoreRows(logits, width, terms));
  const calibrations = targets.heads.map(({ calibrate, weights }, h) =>
    fitCalibration(scores[h]!, calibrate, weights, foldOf),
  );
  return {
    weights: assemble(matrix, targets, model, calibrations),
    heldOut: Int32Array.from(foldOf, (_, row) => row),
    logits,
    probabilities: applyEach(calibrations, scores),
    crossCalibrated: targets.heads.map(({ calibrate, weights }, h) =>
      crossCalibrate(scores[h]!, calibrate, weights, foldOf),
    ),
    lengths: lengthColumns(logits, targets),
    calibrations,
  };
}

async function fitHeldOut({
  matrix,
  targets,
  groups,
  parts,
  seed,
  onFit,
}: {
  matrix: FeatureMatrix;
  targets: RouterTargets;
  groups: ArrayLike<number>;
  parts: Int32Array;
  seed: number;
  onFit: OnFit;
}): Promise<FittedRouter> {
  const [trainRows, calibrationRows, heldOut] = [0, 1, 2].map((part) =>
    rowsWhere(parts, (other) => other === part),
  );
  const foldsOf = (rows: Int32Array) =>
    assignFolds(renumber(rows.map((row) => groups[row]!)), foldCount(rows.length), seed);
  const model = await fitModel(matrix, trainRows!, selectTargets(layOut(targets), trainRows!), groups, {
    seed,
    onFit,
  });
  const width = targets.columns.length;
  const calibrationLogits = wideDeepLogits(selectRows(matrix, calibrationRows!), model);
  const calibrationFolds = foldsOf(calibrationRows!);
  const calibrations = targets.heads.map(({ terms, calibrate, weights }) =>
    fitCalibration(
      scoreRows(calibrationLogits, width, terms),
      pick(calibrate, calibrationRows!),
      pick(weights, calibrationRows!),
      calibrationFolds,
    ),
  );
  const heldOutLogits = wideDeepLogits(selectRows(matrix, heldOut!), model);
  const probabilities = applyEach(
    calibrations,
    targets.heads.map(({ terms }) => scoreRows(heldOutLogits, width, terms)),
  );
  return {
    weights: assemble(matrix, targets, model, calibrations),
    heldOut: heldOut!,
    logits: heldOutLogits,
    probabilities,
    crossCalibrated: probabilities,
    lengths: lengthColumns(heldOutLogits, targets),
    calibrations,
  };
}

function applyEach(
  calibrations: readonly ChosenCalibration[],
  scores: readonly Float64Array[],
): Float64Array[] {
  return calibrations.map((calibration, h) =>
    scores[h]!.map((score) => calibratedProbability(score, calibration)),
  );
}

function layOut({ columns }: RouterTargets): Targets {
  const width = columns.length;
  const rows = columns[0]!.values.length;
  const values = new Float32Array(rows * width);
  const weights = new Float32Array(rows * width);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) {
      values[row * width + c] = column.values[row]!;
      weights[row * width + c] = column.weights[row]!;
    }
  });
  return { columns: columns.map(({ loss }) => loss), values, weights };
}

function assemble(
  matrix: FeatureMatrix,
  targets: RouterTargets,
  { linear, deep }: WideDeepModel,
  calibrations: readonly ChosenCalibration[],
): RouterWeights {
  const empty = new Float32Array(0);
  return {
    heads: targets.heads.map(({ head }) => head),
    lengthQuantiles: targets.lengths.map(({ level }) => level),
    featuriser: { version: FEATURISER.version, hash: FEATURISER.hash },
    buckets: matrix.buckets,
    denseFeatures: matrix.denseFeatures,
    hidden: deep?.hidden ?? 0,
    wideTable: linear.wideTable,
    denseWide: linear.denseWide,
    bias: linear.bias.map((value, c) => value + (deep?.bias[c] ?? 0)),
    deepTable: deep?.deepTable ?? empty,
    denseDeep: deep?.denseDeep ?? empty,
    deepBias: deep?.deepBias ?? empty,
    deepOut: deep?.deepOut ?? empty,
    ...mixOutputs(targets, calibrations),
  };
}

function lengthColumns(logits: Float32Array, { columns, lengths }: RouterTargets): Float64Array[] {
  return lengths.map(({ column }) => scoreRows(logits, columns.length, [{ column, of: "logit", factor: 1 }]));
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
