import { createRandom } from "../../datasets/random.js";
import { quantileRank, valueAtRank } from "../../models/reliability/quantile-match.js";
import type { FigureCells } from "./figure-cells.js";
import type { LatencyFigure } from "./latency-figures.js";

/** A figure whose values can be carried over to other models. */
export interface RankedFigure extends LatencyFigure {
  cells: FigureCells;
  /** Where each value stands among its own model's of similar length, in (0, 1). */
  ranks: Float32Array;
}

/** Known values of a figure, and the rows that they belong to. */
export interface MovedFigure {
  values: Float64Array;
  rows: Int32Array;
}

/** Rank every known value of a figure within its own cell. */
export function rankFigure(
  figure: LatencyFigure,
  cells: FigureCells,
  { rows, served }: { rows: Int32Array; served: Int32Array },
): RankedFigure {
  const ranks = new Float32Array(figure.values.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = figure.values[row]!;
    if (value >= 0) ranks[row] = quantileRank(cells(served[row]!, figure.cellOf[row]!), value);
  }
  return { ...figure, cells, ranks };
}

/** Values of the rows if each were answered by another model: its own value on its own model, else the value that stands where its own
 * stands among the other model's answers of similar length (comonotone), or a random one of them.
 * @param models place of the model by row
 * @param seed draw at random with this seed; null = keep the rank */
export function movedFigure(
  { values, cellOf, cells, ranks }: RankedFigure,
  options: { rows: Int32Array; served: Int32Array; models: Int32Array; seed: number | null },
): MovedFigure {
  const { rows, served, models, seed } = options;
  const random = seed === null ? null : createRandom(seed);
  const moved = new Float64Array(rows.length);
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!(values[row]! >= 0)) continue;
    const model = models[row]!;
    let value = values[row]!;
    if (model !== served[row]) {
      const sorted = cells(model, cellOf[row]!);
      if (sorted.length === 0) continue;
      value = random === null ? valueAtRank(sorted, ranks[row]!) : sorted[random.below(sorted.length)]!;
    }
    moved[count] = value;
    kept[count] = row;
    count += 1;
  }
  return { values: moved.subarray(0, count), rows: kept.subarray(0, count) };
}
