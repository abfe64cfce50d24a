import { ClassLengths } from "../../models/latency/length-classes.js";
import { timesByLength } from "../../models/latency/times-by-length.js";
import { valueAtRank } from "../../models/reliability/quantile-match.js";
import type { LatencyFigure } from "./latency-figure.js";

/** Evenly spaced quantiles that stand for a distribution of more values. */
const mostPoints = 1_000;

/** Logged values of a figure (a time, a speed) by model and class of lengths, ascending: all of them, or 1,000 quantiles. A class with
 * fewer than 20 values has all of the model's, times stretched to its length. Empty where the model has none. */
export type FigureCells = (model: number, lengthClass: number) => Float64Array;

/** Sort the known values of a figure into cells. */
export function figureCells(
  figure: LatencyFigure,
  { rows, served, models }: { rows: Int32Array; served: Int32Array; models: number },
): FigureCells {
  const { values, cellOf, classes, lengths } = figure;
  const counted = new ClassLengths(classes);
  if (lengths !== null)
    for (let i = 0; i < rows.length; i++) counted.add(cellOf[rows[i]!]!, lengths[rows[i]!]!);
  const classLengths = counted.means();
  const cells = Array.from({ length: models }, (_, model) => {
    const answers = rows.filter((row) => served[row] === model && values[row]! >= 0);
    const logged = { answers, times: values, lengths, classOf: cellOf };
    return timesByLength(logged, classLengths).map((stand) =>
      thinned(stand.factors.map((factor, i) => factor * values[stand.answers[i]!]!).sort()),
    );
  });
  return (model, lengthClass) => cells[model]![lengthClass]!;
}

function thinned(sorted: Float64Array): Float64Array {
  if (sorted.length <= mostPoints) return sorted;
  return Float64Array.from({ length: mostPoints }, (_, i) => valueAtRank(sorted, (i + 0.5) / mostPoints));
}
