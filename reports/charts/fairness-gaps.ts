import type { FairnessSlice } from "../../datasets/fairness-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { forestPlot } from "./forest-plot.js";

const mostSlices = 24;

/** Forest of the compared slices: quality kept beside everyone's, with intervals that hold for all at once, the worst first, and the margin.
 * @returns null when no slice has an interval */
export function fairnessGapsChart(slices: readonly FairnessSlice[], margin: number): ChartSpec | null {
  const rows = slices
    .flatMap(({ dimension, slice, attempts, gap }) => {
      const { low, high } = gap ?? { low: null, high: null };
      if (gap === null || low === null || high === null || !Number.isFinite(high - low)) return [];
      return [{ slice: `${dimension}: ${visibleText(slice)}`, value: gap.value, low, high, n: attempts }];
    })
    .sort((a, b) => a.value - b.value)
    .slice(0, mostSlices);
  return forestPlot(rows, {
    axis: "Quality kept, less everyone's",
    value: "Beside everyone",
    n: "Attempts",
    margin: -margin,
  });
}
