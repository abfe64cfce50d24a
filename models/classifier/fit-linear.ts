import type { FeatureMatrix } from "./feature-matrix.js";
import { columnsTogether, fitColumns, type Penalty } from "./fit-columns.js";
import { selectColumn, type Targets } from "./head-loss.js";
import { type LinearInputs, layOutInputs } from "./linear-inputs.js";
import { joinColumns, type LinearModel } from "./linear-model.js";

/** Fit all columns by penalised maximum likelihood (a convex problem, L-BFGS), once per penalty. Each fit starts from the
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
  const everyRow = Int32Array.from({ length: matrix.rows }, (_, row) => row);
  const inputs = layOutInputs(matrix, everyRow);
  const blocks = columnBlocks(targets.columns.length).map((columns) =>
    fitColumnBlock(inputs, targets, penalties, columns),
  );
  return penalties.map((_, at) => {
    onFit();
    return joinColumns(blocks.map((models) => models[at]!));
  });
}

/** Column numbers in blocks that are fitted together. */
export function columnBlocks(columns: number): number[][] {
  return Array.from({ length: Math.ceil(columns / columnsTogether) }, (_, block) =>
    [...Array(columns).keys()].slice(block * columnsTogether, (block + 1) * columnsTogether),
  );
}

/** Fit one block of columns.
 * @param targets of all columns
 * @returns the block's columns, one model per penalty */
export function fitColumnBlock(
  inputs: LinearInputs,
  targets: Targets,
  penalties: readonly Penalty[],
  columns: readonly number[],
): LinearModel[] {
  const fitted = fitColumns(
    inputs,
    columns.map((column) => ({
      targets: selectColumn(targets, column),
      penalties: columnPenalties(penalties, targets, column),
    })),
  );
  return penalties.map((_, at) => joinColumns(fitted.map((models) => models[at]!)));
}

/** Answer lengths are told from few and coarse features; weaker penalties cost time and gain nothing there. */
const leastQuantilePenalty = 10;

function columnPenalties(penalties: readonly Penalty[], { columns }: Targets, column: number): Penalty[] {
  const floor = columns[column]!.kind === "quantile" ? leastQuantilePenalty : 0;
  return penalties.map(({ wide, dense }) => ({ wide: wide === null ? null : Math.max(wide, floor), dense }));
}
