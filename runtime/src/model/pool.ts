import type { FeatureVector } from "../features/featurise.js";
import type { RouterModel } from "./onnx-decode.js";

/** Weighted sum of the wide and deep rows of a request's ids: K logits, then H hidden sums; what follows them is padding. The next call
 * overwrites it. */
export type Pool = (features: FeatureVector) => Float64Array;

/** Ids that are summed before the next ones are looked at: their rows stay in the processor's first-level cache. */
export const tileIds = 128;

/** Write rows of both tables as those of one, each the wide row, the deep row and zeros up to `width`.
 * @param table all zero, (B, width) */
export function joinTables(
  { columns, hidden, wideTable, deepTable }: RouterModel,
  { table, width, from, to }: { table: Float32Array; width: number; from: number; to: number },
): void {
  for (let b = from; b < to; b++) {
    for (let k = 0; k < columns; k++) table[b * width + k] = wideTable[b * columns + k]!;
    for (let h = 0; h < hidden; h++) table[b * width + columns + h] = deepTable[b * hidden + h]!;
  }
}
