import { createHeadLoss, type HeadLoss, type Targets } from "./head-loss.js";
import { inRawUnits, type LinearInputs, squareSums } from "./linear-inputs.js";
import type { LinearModel } from "./linear-model.js";
import { meanLogits } from "./mean-logits.js";
import { type Evaluation, stepLbfgs } from "./minimise-lbfgs.js";
import { poolColumn, poolFourColumns, type SparseRows } from "./sparse-rows.js";

/** L2 penalties, per unit of summed loss. */
export interface Penalty {
  /** On n-gram weights; null leaves n-grams out. */
  wide: number | null;
  /** On weights of standardised dense features. */
  dense: number;
}

/** A column to fit. */
export interface ColumnTask {
  /** Of this column alone. */
  targets: Targets;
  /** Each fit starts from the one before it, so they go from strong to weak. */
  penalties: readonly Penalty[];
}

/** Most columns that are fitted together. */
export const columnsTogether = 4;

/** Fit up to {@link columnsTogether} columns, each by L-BFGS of its own. They share no weights but march in step: the evaluations
 * that they want next share one pass over the n-grams, which is where the time goes. A column's bits don't depend on the
 * columns beside it.
 * @returns of each column, one model per penalty, in order */
export function fitColumns(inputs: LinearInputs, columns: readonly ColumnTask[]): LinearModel[][] {
  const marches = columns.map((column): March => {
    const steps = walkPath(inputs, column);
    const loss = createHeadLoss(inputs.dense, inputs.denseFeatures, column.targets);
    return { loss, steps, step: steps.next() };
  });
  const evaluate = createEvaluator(inputs);
  for (let open = marches; open.length > 0; open = open.filter(({ step }) => !step.done)) {
    const losses = evaluate(open.map(({ loss, step }) => ({ loss, wanted: step.value as Wanted })));
    open.forEach((march, i) => {
      march.step = march.steps.next(losses[i]!);
    });
  }
  return marches.map(({ loss, step }) => {
    loss.dispose();
    return step.value as LinearModel[];
  });
}

/** A column on its way along the penalties. */
interface March {
  loss: HeadLoss;
  steps: Generator<Wanted, LinearModel[], number>;
  step: IteratorResult<Wanted, LinearModel[]>;
}

/** An evaluation of a column's loss without its penalty. */
interface Wanted extends Evaluation {
  /** Whether n-grams count. */
  isWide: boolean;
}

/** The fits of one column as a sequence of evaluations. */
function* walkPath(
  inputs: LinearInputs,
  { targets, penalties }: ColumnTask,
): Generator<Wanted, LinearModel[], number> {
  const squares = squareSums(inputs, targets.weights);
  const held = inputs.bucketOf.length;
  const biasStart = squares.length - 1;
  let solution: Float64Array = new Float64Array(squares.length);
  solution.set(meanLogits(targets), biasStart);
  const models: LinearModel[] = [];
  for (const [at, { wide, dense }] of penalties.entries()) {
    const before = penalties[at - 1];
    if (before?.wide === wide && before.dense === dense) {
      models.push(models.at(-1)!);
      continue;
    }
    const curvature = squares.map((square, i) => square / 4 + (i < held ? (wide ?? 1) : dense) + 1);
    const steps = stepLbfgs(solution, curvature);
    let step = steps.next();
    while (!step.done) {
      const { x, gradient } = step.value;
      const loss = yield { x, gradient, isWide: wide !== null };
      const ridge = wide === null ? 0 : addRidge(x, gradient, 0, held, wide);
      step = steps.next(loss + ridge + addRidge(x, gradient, held, biasStart, dense));
    }
    solution = step.value;
    models.push(inRawUnits(inputs, solution));
  }
  return models;
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

/** Makes the function that writes wanted gradients and returns the losses. */
function createEvaluator({ byRow, byBucket, bucketOf, buckets, denseFeatures }: LinearInputs) {
  const held = bucketOf.length;
  const everyRow = Int32Array.from({ length: byRow.rows }, (_, row) => row);
  const perBucket = new Float64Array(buckets * columnsTogether);
  const perRow = new Float64Array(byRow.rows * columnsTogether);
  const perHeld = new Float64Array(held * columnsTogether);
  const sums = new Float32Array(byRow.rows);
  return (evaluations: ReadonlyArray<{ loss: HeadLoss; wanted: Wanted }>): number[] => {
    const wide = evaluations.filter(({ wanted }) => wanted.isWide);
    const lanes = wide.length === 1 ? 1 : columnsTogether;
    const poolWide = (rows: SparseRows, values: Float64Array, out: Float64Array) => {
      if (wide.length > 0) (lanes === 1 ? poolColumn : poolFourColumns)(rows, values, out);
    };
    wide.forEach(({ wanted }, lane) => {
      writeLane(wanted.x, bucketOf, perBucket, lane, lanes);
    });
    poolWide(byRow, perBucket, perRow);
    const losses = evaluations.map((evaluation) => {
      const { x, gradient } = evaluation.wanted;
      const lane = wide.indexOf(evaluation);
      if (lane === -1) sums.fill(0);
      else readLane(perRow, lane, lanes, sums);
      const result = evaluation.loss.evaluate(
        sums,
        Float32Array.from(x.subarray(held, -1)),
        Float32Array.from(x.subarray(-1)),
      );
      if (lane !== -1) writeLane(result.pooled, everyRow, perRow, lane, lanes);
      gradient.fill(0, 0, held);
      gradient.set(result.dense, held);
      gradient.set(result.bias, held + denseFeatures);
      return result.loss;
    });
    poolWide(byBucket, perRow, perHeld);
    wide.forEach(({ wanted }, lane) => {
      readLane(perHeld, lane, lanes, wanted.gradient.subarray(0, held));
    });
    return losses;
  };
}

/** Spread values over one of the interleaved lanes.
 * @param placeOf place of each value */
function writeLane(
  values: Float64Array | Float32Array,
  placeOf: Int32Array,
  into: Float64Array,
  lane: number,
  lanes: number,
): void {
  for (let i = 0; i < placeOf.length; i++) into[placeOf[i]! * lanes + lane] = values[i]!;
}

function readLane(
  from: Float64Array,
  lane: number,
  lanes: number,
  values: Float64Array | Float32Array,
): void {
  for (let i = 0; i < values.length; i++) values[i] = from[i * lanes + lane]!;
}
