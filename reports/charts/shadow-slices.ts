import type { ShadowSlice } from "../../datasets/shadow-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { forestPlot } from "./forest-plot.js";

const mostSlices = 20;

/** Forest of the slices: difference in quality with an interval that holds for all of them, the worst first, and the margin.
 * @returns null when no slice has an interval */
export function shadowSlicesChart(slices: readonly ShadowSlice[], margin: number): ChartSpec | null {
  const rows = slices
    .flatMap(({ dimension, slice, pairs, difference, low, high }) =>
      low === null || high === null
        ? []
        : [{ slice: visibleText(`${dimension} ${slice}`), value: difference, low, high, n: pairs }],
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, mostSlices);
  return forestPlot(rows, {
    axis: "Quality lost (negative: gained)",
    value: "Quality lost",
    n: "Pairs",
    margin,
  });
}
