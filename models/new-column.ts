import type { FeatureMatrix } from "./classifier/feature-matrix.js";
import { type LinearModel, linearLogits } from "./classifier/linear-model.js";

/** A logit for a trained router: a sum of the logits that it has, and of what it reads of the request itself. Since those are
 * sums of tables and hidden units, so is the new one, and the graph keeps its form. */
export interface NewColumn {
  /** Factor of each of the router's logits, (columns). */
  factors: Float64Array;
  /** One column. */
  own: LinearModel;
}

/** The new logit of every row.
 * @param logits of the router, (rows, columns) */
export function newColumnLogits(
  { factors, own }: NewColumn,
  logits: Float32Array,
  matrix: FeatureMatrix,
): Float32Array {
  const columns = factors.length;
  return linearLogits(matrix, own).map((logit, row) =>
    factors.reduce((sum, factor, c) => sum + factor * logits[row * columns + c]!, logit),
  );
}

/** Mean of several by their shares, which sum to 1. */
export function averageColumns(columns: readonly NewColumn[], shares: readonly number[]): NewColumn {
  const first = columns[0]!;
  const average = <Values extends Float32Array | Float64Array>(read: (column: NewColumn) => Values): Values =>
    read(first).map((_, i) =>
      columns.reduce((sum, column, member) => sum + shares[member]! * read(column)[i]!, 0),
    ) as Values;
  return {
    factors: average(({ factors }) => factors),
    own: {
      columns: 1,
      wideTable: average(({ own }) => own.wideTable),
      denseWide: average(({ own }) => own.denseWide),
      bias: average(({ own }) => own.bias),
    },
  };
}
