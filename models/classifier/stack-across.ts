import { rowsWhere } from "../split.js";
import type { Targets } from "./head-loss.js";
import { stackWeights } from "./stack-weights.js";

/** Average members' out-of-fold logits, each row with shares that only the other folds' rows decided.
 * @param logits (rows, columns) of each member, from fits that saw no row of its fold
 * @returns the averaged logits, and the shares that all rows decide, (members, columns) */
export function stackAcross(
  logits: readonly Float32Array[],
  targets: Targets,
  folds: Int32Array,
): { logits: Float32Array; shares: Float64Array[] } {
  const columns = targets.columns.length;
  const stacked = new Float32Array(targets.values.length);
  for (const fold of foldNumbers(folds)) {
    const shares = stackWeights(logits, targets, (row) => folds[row] !== fold);
    for (const row of rowsWhere(folds, (other) => other === fold)) {
      for (let c = 0; c < columns; c++) {
        let sum = 0;
        for (let member = 0; member < logits.length; member++)
          sum += shares[member]![c]! * logits[member]![row * columns + c]!;
        stacked[row * columns + c] = sum;
      }
    }
  }
  return { logits: stacked, shares: stackWeights(logits, targets, () => true) };
}

/** The folds that occur, ascending. */
export function foldNumbers(folds: Int32Array): number[] {
  return [...new Set(folds)].sort((a, b) => a - b);
}
