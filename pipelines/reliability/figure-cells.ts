import { valueAtRank } from "../../models/reliability/quantile-match.js";
import type { LatencyFigure } from "./latency-figures.js";

/** Answers that a class of lengths needs for a distribution of its own. */
const leastAnswers = 20;
/** Evenly spaced quantiles that stand for a distribution of more values. */
const mostPoints = 1_000;

/** Logged values of a figure (a time, a speed) by model and class of lengths, ascending: all of them, or 1,000 quantiles. A class with
 * fewer than 20 values has all of the model's. Empty where the model has none. */
export type FigureCells = (model: number, lengthClass: number) => Float64Array;

/** Sort the known values of a figure into cells.
 * @param classes how many classes of lengths there are */
export function figureCells(
  figure: LatencyFigure,
  options: { rows: Int32Array; served: Int32Array; models: number; classes: number },
): FigureCells {
  const { rows, served, models, classes } = options;
  const { values, cellOf } = figure;
  const starts = new Int32Array(models * classes + 1);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (values[row]! >= 0) starts[served[row]! * classes + cellOf[row]! + 1]! += 1;
  }
  for (let c = 1; c < starts.length; c++) starts[c]! += starts[c - 1]!;
  const next = starts.slice();
  const sorted = new Float64Array(starts.at(-1)!);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (values[row]! >= 0) sorted[next[served[row]! * classes + cellOf[row]!]!++] = values[row]!;
  }
  const byClass = Array.from({ length: models * classes }, (_, c) => {
    const cell = sorted.subarray(starts[c], starts[c + 1]).sort();
    return cell.length < leastAnswers ? null : thinned(cell);
  });
  const byModel = Array.from({ length: models }, (_, model) =>
    byClass.slice(model * classes, (model + 1) * classes).includes(null)
      ? thinned(sorted.slice(starts[model * classes], starts[(model + 1) * classes]).sort())
      : null,
  );
  return (model, lengthClass) => byClass[model * classes + lengthClass] ?? byModel[model]!;
}

function thinned(sorted: Float64Array): Float64Array {
  if (sorted.length <= mostPoints) return sorted.slice();
  return Float64Array.from({ length: mostPoints }, (_, i) => valueAtRank(sorted, (i + 0.5) / mostPoints));
}
