import type { ReplayData } from "../replay/replay-data.js";

/** Rows that the cuts are placed by at most, evenly spaced in order of time. */
const mostRows = 20_000;

/** Confidences in a model at which a sweep over attempts can be cut: quantiles of its sufficiency among them.
 * @param rows attempts to cut, with a known sufficiency
 * @returns ascending, distinct, the first 0: everything is above it */
export function confidenceCuts(
  replay: ReplayData,
  { rows, model, cuts }: { rows: Int32Array; model: number; cuts: number },
): Float64Array {
  const step = Math.max(1, Math.ceil(rows.length / mostRows));
  const sorted = Float64Array.from(
    { length: Math.ceil(rows.length / step) },
    (_, i) => replay.sufficiency[model * replay.rows + rows[i * step]!]!,
  ).sort();
  const found = Array.from({ length: cuts }, (_, i) => sorted[Math.floor((i * sorted.length) / cuts)] ?? 0);
  return Float64Array.from(new Set([0, ...found.slice(1)]));
}

/** Place of the largest cut that is not above a value. */
export function cutBelow(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cuts[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
