import { FEATURISER } from "@signalbox/runtime";
import { createRandom } from "../datasets/random.js";
import { calibratedProbability } from "./calibration/calibration.js";
import { crossCalibrate } from "./calibration/cross-calibrate.js";
import { type ChosenCalibration, fitCalibration } from "./calibration/fit-calibration.js";
import { type CrossFit, crossFit } from "./classifier/cross-fit.js";
import { meltEnsemble, type WideDeepModel, wideDeepLogits } from "./classifier/ensemble.js";
import { type FeatureMatrix, selectRows } from "./classifier/feature-matrix.js";
import { fitMembers, memberCount, planMembers } from "./classifier/fit-members.js";
import { selectTargets, type Targets } from "./classifier/head-loss.js";
import { startTfjs } from "./classifier/tfjs.js";
import { mixOutputs } from "./mix-outputs.js";
import { type RouterTargets, scoreRows } from "./router-targets.js";
import type { RouterWeights } from "./router-weights.js";
import { assignFolds, rowsWhere, splitByTime } from "./split.js";

/** How rows were divided: see {@link planSplit}. */
export interface SplitPlan {
  kind: "cross_fit" | "holdout";
  /** Fold of each row, or its part: 0 train, 1 calibration, 2 threshold. */
  parts: Int32Array;
  about: string;
}

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

/** Five folds, three where there are rows in plenty: each fit still sees two thirds of them, and it takes 60 % of the time. */
function foldCount(rows: number): number {
  return rows > rowsInPlenty ? 3 : 5;
}

const rowsInPlenty = 12_000;
const partShares = [0.6, 0.15, 0.25];

/** Below this many rows a three-way split leaves too little for each part. */
const leastTimeSplitRows = 3_000;

/** Above this many rows folds cost minutes and say nothing new about how members should be weighed. */
const mostCrossFitRows = 25_000;

/** Divide rows for training, calibration and thresholds. Enough rows that all have a time are cut by time, 60 / 15 / 25 %,
 * so that thresholds are certified on traffic younger than what was trained on. Others are cross-fitted, in 5 folds or 3:
 * every row then has a prediction made without it, thresholds rest on all rows, and the exported model is fitted to all.
 * So many rows that a quarter of them certifies as much as anybody needs are cut at random, which costs a fifth of the time.
 * @param groups rows that must stay together
 * @param times microseconds; null = unknown */
export function planSplit(
  groups: ArrayLike<number>,
  times: ReadonlyArray<number | null>,
  seed: number,
): SplitPlan {
  const isDated = times.length >= leastTimeSplitRows && times.every((time) => time !== null);
  if (isDated) {
    const parts = splitByTime(groups, times as number[], partShares);
    return {
      kind: "holdout",
      parts,
      about: "by time and session: oldest 60 % train, 15 % calibration, latest 25 % thresholds",
    };
  }
  if (times.length > mostCrossFitRows) {
    const random = createRandom(seed);
    const parts = splitByTime(
      groups,
      times.map(() => random.uniform()),
      partShares,
    );
    return {
      kind: "holdout",
      parts,
      about: "at random by session: 60 % train, 15 % calibration, 25 % thresholds",
    };
  }
  const folds = foldCount(times.length);
  const about = `${folds}-fold cross-fitting by session: every row is predicted without its fold; final model on all rows`;
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
  { seed, onFit = () => {} }: { seed: number; onFit?: OnFit },
): Promise<FittedRouter> {
  return plan.kind === "holdout"
    ? fitHeldOut({ matrix, targets, groups, parts: plan.parts, seed, onFit })
    : fitCrossed({ matrix, targets, foldOf: plan.parts, seed, onFit });
}

type OnFit = (done: number, total: number) => void;

interface FitOptions {
  seed: number;
  onFit: OnFit;
}

/** Cross-fit the ensemble, reporting how many of its fits are done. */
async function fitEnsemble(
  matrix: FeatureMatrix,
  targets: Targets,
  foldOf: Int32Array,
  { seed, onFit }: FitOptions,
): Promise<CrossFit> {
  const plan = planMembers(matrix, seed);
  const total = memberCount(plan) * (new Set(foldOf).size + 1);
  let done = 0;
  return crossFit(matrix, targets, foldOf, plan, () => onFit(++done, total));
}

/** The model alone: of many rows, a sample decides how members are weighed, and the members are fitted to all. */
async function fitModel(
  matrix: FeatureMatrix,
  targets: Targets,
  groups: Int32Array,
  options: FitOptions,
): Promise<WideDeepModel> {
  const { seed, onFit } = options;
  const foldOf = assignFolds(groups, foldCount(matrix.rows), seed);
  if (matrix.rows <= mostCrossFitRows) return (await fitEnsemble(matrix, targets, foldOf, options)).model;
  const sampled = rowsWhere(
    assignFolds(groups, Math.ceil(matrix.rows / mostCrossFitRows), seed + 1),
    (part) => part === 0,
  );
  const some = await fitEnsemble(
    selectRows(matrix, sampled),
    selectTargets(targets, sampled),
    sampled.map((row) => foldOf[row]!),
    options,
  );
  const plan = planMembers(matrix, seed);
  const kept = some.model.deep === null ? { ...plan, latent: null } : plan;
  let done = 0;
  await startTfjs();
  const members = fitMembers(matrix, targets, kept, () => onFit(++done, memberCount(kept)));
  return meltEnsemble(members, some.shares);
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
  const { logits, model } = await fitEnsemble(matrix, layOut(targets), foldOf, { seed, onFit });
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
  const model = await fitModel(
    selectRows(matrix, trainRows!),
    selectTargets(layOut(targets), trainRows!),
    renumber(trainRows!.map((row) => groups[row]!)),
    { seed, onFit },
  );
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
