import type { Targets } from "./head-loss.js";

/** Weighted loss of each row and column, (rows, columns): logistic columns in nats, quantile columns by plain pinball
 * loss. What is masked by weight 0 has loss 0.
 * @param logits (rows, columns) */
export function rowLosses(logits: Float32Array, { columns, values, weights }: Targets): Float64Array {
  return Float64Array.from(logits, (z, i) => {
    const weight = weights[i]!;
    if (weight === 0) return 0;
    const column = columns[i % columns.length]!;
    const y = values[i]!;
    return column.kind === "logistic"
      ? weight * (Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))))
      : weight * Math.max(column.level * (y - z), (column.level - 1) * (y - z));
  });
}
