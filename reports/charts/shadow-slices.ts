import type { ShadowSlice } from "../../datasets/shadow-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

const mostSlices = 20;

/** Forest of the slices: difference in quality with an interval that holds for all of them, the worst first, and the margin.
 * @returns null when no slice has an interval */
export function shadowSlicesChart(rows: readonly ShadowSlice[], margin: number): ChartSpec | null {
  const values = rows
    .filter(({ low, high }) => low !== null && high !== null)
    .sort((a, b) => b.difference - a.difference)
    .slice(0, mostSlices)
    .map(({ dimension, slice, pairs, difference, low, high }) => ({
      slice: visibleText(`${dimension} ${slice}`),
      pairs,
      difference,
      low,
      high,
    }));
  if (values.length === 0) return null;
  const x = {
    field: "difference",
    type: "quantitative" as const,
    title: "Quality lost (negative: gained)",
    scale: { zero: true, nice: true },
    axis: shareAxis,
  };
  const y = {
    field: "slice",
    type: "nominal" as const,
    sort: values.map(({ slice }) => slice),
    title: null,
  };
  return {
    data: { values },
    height: { step: 28 },
    layer: [
      {
        mark: { type: "rule", color: palette.blue, strokeWidth: 3 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
      },
      {
        mark: { type: "point", color: palette.blue, filled: true, size: 90, opacity: 1 },
        encoding: {
          x,
          y,
          tooltip: [
            { field: "slice", type: "nominal", title: "Slice" },
            { field: "difference", type: "quantitative", title: "Quality lost", format: tooltipFormat.share },
            { field: "low", type: "quantitative", title: "From", format: tooltipFormat.share },
            { field: "high", type: "quantitative", title: "To", format: tooltipFormat.share },
            { field: "pairs", type: "quantitative", title: "Pairs", format: tooltipFormat.count },
          ],
        },
      },
      {
        data: { values: [{ margin }] },
        mark: { type: "rule", color: palette.red, strokeDash: [6, 4], strokeWidth: 2 },
        encoding: { x: { ...x, field: "margin" } },
      },
    ],
  };
}
