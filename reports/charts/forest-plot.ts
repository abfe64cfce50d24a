import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

/** One row of a forest plot: a share with its interval, and the rows that it rests on. */
export interface ForestRow {
  slice: string;
  value: number;
  low: number;
  high: number;
  n: number;
}

/** Draw slices below each other, each as a point with its interval, and the margin as a line across.
 * @param rows from top to bottom
 * @returns null without rows */
export function forestPlot(
  rows: readonly ForestRow[],
  labels: { axis: string; value: string; n: string; margin: number },
): ChartSpec | null {
  if (rows.length === 0) return null;
  const x = {
    field: "value",
    type: "quantitative" as const,
    title: labels.axis,
    scale: { zero: true, nice: true },
    axis: shareAxis,
  };
  const y = { field: "slice", type: "nominal" as const, sort: rows.map(({ slice }) => slice), title: null };
  return {
    data: { values: rows.map((row) => ({ ...row })) },
    height: { step: 24 },
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
            { field: "value", type: "quantitative", title: labels.value, format: tooltipFormat.share },
            { field: "low", type: "quantitative", title: "From", format: tooltipFormat.share },
            { field: "high", type: "quantitative", title: "To", format: tooltipFormat.share },
            { field: "n", type: "quantitative", title: labels.n, format: tooltipFormat.count },
          ],
        },
      },
      {
        data: { values: [{ margin: labels.margin }] },
        mark: { type: "rule", color: palette.red, strokeDash: [6, 4], strokeWidth: 2 },
        encoding: { x: { ...x, field: "margin" } },
      },
    ],
  };
}
