import type { Targets } from "./head-loss.js";

/** Constant logits that fit the mean target of each column: where fits start, so that first steps aren't spent on it.
 * A column that no row knows starts at even odds. */
export function meanLogits({ columns, values, weights }: Targets): Float64Array {
  return Float64Array.from(columns, ({ kind }, c) => {
    let sum = 0;
    let total = 0;
    for (let i = c; i < values.length; i += columns.length) {
      sum += values[i]! * weights[i]!;
      total += weights[i]!;
    }
    const mean = total > 0 ? sum / total : 0.5;
    const share = Math.min(0.999, Math.max(0.001, mean));
    return kind === "logistic" ? Math.log(share / (1 - share)) : mean;
  });
}
