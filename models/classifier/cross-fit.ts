import { rowsWhere } from "../split.js";
import { type Ensemble, memberLogits } from "./ensemble.js";
import { type FeatureMatrix, selectRows } from "./feature-matrix.js";
import { fitMembers, type MemberPlan } from "./fit-members.js";
import { selectTargets, type Targets } from "./head-loss.js";
import { rowLosses } from "./row-losses.js";
import { foldNumbers, stackAcross } from "./stack-across.js";

/** Out-of-fold logits of an ensemble, and how much each member deserves to count. */
export interface CrossFit {
  /** Logits of every row from models that saw no row of its fold, averaged over the members: (rows, columns). */
  logits: Float32Array;
  /** Share of each member in each column, (members, columns), from all rows: for the final fit. */
  shares: Float64Array[];
  /** Whether the hidden layer predicts unseen rows better than the linear members alone. */
  isDeepKept: boolean;
}

/** Fit every member without each fold in turn, and stack the fits by how well they predict rows that they did not see.
 * For a row, only other folds' rows decide the shares, so that its label reaches its score through other rows' fits at most. The
 * hidden layer is kept when it lowers the held-out loss by more than one standard error: it slows every decision down.
 * @param folds fold of each row
 * @param onFit called after each of members x folds fits */
export function crossFit(
  matrix: FeatureMatrix,
  targets: Targets,
  folds: Int32Array,
  plan: MemberPlan,
  onFit: () => void = () => {},
): CrossFit {
  const logits = heldOutLogits(matrix, targets, folds, plan, onFit);
  const stacked = stackAcross(logits, targets, folds);
  if (plan.directions === null) return { ...stacked, isDeepKept: false };
  const linear = stackAcross(logits.slice(0, -1), targets, folds);
  return isBetter(stacked.logits, linear.logits, targets)
    ? { ...stacked, isDeepKept: true }
    : { ...linear, isDeepKept: false };
}

/** Logits of each member on rows of the fold that it was fitted without. */
function heldOutLogits(
  matrix: FeatureMatrix,
  targets: Targets,
  folds: Int32Array,
  plan: MemberPlan,
  onFit: () => void,
): Float32Array[] {
  const columns = targets.columns.length;
  const count = plan.penalties.length + (plan.directions === null ? 0 : 1);
  const logits = Array.from({ length: count }, () => new Float32Array(matrix.rows * columns));
  for (const fold of foldNumbers(folds)) {
    const inside = rowsWhere(folds, (other) => other !== fold);
    const outside = rowsWhere(folds, (other) => other === fold);
    const members: Ensemble = fitMembers(
      selectRows(matrix, inside),
      selectTargets(targets, inside),
      plan,
      onFit,
    );
    memberLogits(selectRows(matrix, outside), members).forEach((predicted, member) => {
      outside.forEach((row, i) => {
        logits[member]!.set(predicted.subarray(i * columns, (i + 1) * columns), row * columns);
      });
    });
  }
  return logits;
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
