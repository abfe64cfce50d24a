import { rowsWhere } from "../split.js";
import { type Ensemble, meltEnsemble, type WideDeepModel } from "./ensemble.js";
import type { FeatureMatrix } from "./feature-matrix.js";
import type { FoldResult } from "./fit-fold.js";
import { type MemberPlan, memberCount } from "./fit-members.js";
import type { Targets } from "./head-loss.js";
import { rowLosses } from "./row-losses.js";
import { runFitTasks } from "./run-fit-tasks.js";
import { foldNumbers, stackAcross } from "./stack-across.js";

/** A model fitted to all rows, with what models of its kind say about rows that they did not see. */
export interface CrossFit {
  /** Logits of every row from models that saw no row of its fold, averaged over the members: (rows, columns). */
  logits: Float32Array;
  /** The members' fits to all rows. */
  members: Ensemble;
  /** The same, averaged in the shares. */
  model: WideDeepModel;
  /** Share of each member in each column, (members, columns): decided by all rows' held-out logits. */
  shares: Float64Array[];
}

/** Fit every member without each fold in turn and once to all rows, and stack the fits by how well they predict rows that
 * they did not see. For a row, only other folds' rows decide the shares, so that its label reaches its score through those
 * rows' fits at most. The hidden layer is kept when it lowers the held-out loss by more than one standard error: it slows
 * every decision down.
 * @param folds fold of each row
 * @param onFit called after each of members x (folds + 1) fits with how many are done of how many */
export async function crossFit(
  matrix: FeatureMatrix,
  targets: Targets,
  folds: Int32Array,
  plan: MemberPlan,
  onFit: (done: number, total: number) => void = () => {},
): Promise<CrossFit> {
  const everyRow = rowsWhere(folds, () => true);
  const tasks = [
    { inside: everyRow, outside: new Int32Array(0) },
    ...foldNumbers(folds).map((fold) => ({
      inside: rowsWhere(folds, (other) => other !== fold),
      outside: rowsWhere(folds, (other) => other === fold),
    })),
  ];
  let done = 0;
  const [whole, ...partial] = await runFitTasks("fold", { matrix, targets, plan }, tasks, () =>
    onFit(++done, memberCount(plan) * tasks.length),
  );
  const logits = gatherLogits(
    partial,
    tasks.slice(1).map(({ outside }) => outside),
    targets,
  );
  const { members } = whole!;
  const stacked = stackAcross(logits, targets, folds);
  const finish = (kept: Ensemble, { logits, shares }: { logits: Float32Array; shares: Float64Array[] }) => ({
    logits,
    shares,
    members: kept,
    model: meltEnsemble(kept, shares),
  });
  if (members.deep === null) return finish(members, stacked);
  const linear = stackAcross(logits.slice(0, -1), targets, folds);
  return isBetter(stacked.logits, linear.logits, targets)
    ? finish(members, stacked)
    : finish({ ...members, deep: null }, linear);
}

/** Held-out logits of each member, (rows, columns), from the folds that they were predicted in. */
function gatherLogits(
  results: readonly FoldResult[],
  places: readonly Int32Array[],
  { columns, values }: Targets,
): Float32Array[] {
  const width = columns.length;
  return results[0]!.logits.map((_, member) => {
    const all = new Float32Array(values.length);
    results.forEach(({ logits }, fold) => {
      places[fold]!.forEach((row, i) => {
        all.set(logits[member]!.subarray(i * width, (i + 1) * width), row * width);
      });
    });
    return all;
  });
}

/** Whether the mean fall of the loss per row, over all columns, exceeds its standard error. */
function isBetter(logits: Float32Array, reference: Float32Array, targets: Targets): boolean {
  const columns = targets.columns.length;
  const [ours, theirs] = [rowLosses(logits, targets), rowLosses(reference, targets)];
  const rows = ours.length / columns;
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    let fall = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) fall += theirs[i]! - ours[i]!;
    sum += fall;
    squares += fall * fall;
  }
  const mean = sum / rows;
  return mean > Math.sqrt(Math.max(0, squares / rows - mean * mean) / rows);
}
