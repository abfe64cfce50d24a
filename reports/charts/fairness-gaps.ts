import type { FairnessSlice } from "../../datasets/fairness-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

const mostSlices = 24;

/** Forest of the compared slices: quality kept beside everyone's, with intervals that hold for all at once, the worst first, and the margin.
 * @returns null when no slice has an interval */
export function fairnessGapsChart(slices: readonly FairnessSlice[], margin: number): ChartSpec | null {
  const values = slices
    .flatMap(({ dimension, slice, attempts, gap }) =>
      gap === null || !isInterval(gap)
        ? []
        : [
            {
              slice: `${dimension}: ${visibleText(slice)}`,
              attempts,
              gap: gap.value,
              low: gap.low,
              high: gap.high,
            },
          ],
    )
    .sort((a, b) => a.gap - b.gap)
    .slice(0, mostSlices);
  if (values.length === 0) return null;
  const x = {
    field: "gap",
    type: "quantitative" as const,
    title: "Quality kept, less everyone's",
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
    height: { step: 20 },
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
            { field: "gap", type: "quantitative", title: "Beside everyone", format: tooltipFormat.share },
            { field: "low", type: "quantitative", title: "From", format: tooltipFormat.share },
            { field: "high", type: "quantitative", title: "To", format: tooltipFormat.share },
            { field: "attempts", type: "quantitative", title: "Attempts", format: tooltipFormat.count },
          ],
        },
      },
      {
        data: { values: [{ margin: -margin }] },
        mark: { type: "rule", color: palette.red, strokeDash: [6, 4], strokeWidth: 2 },
        encoding: { x: { ...x, field: "margin" } },
      },
    ],
  };
}

function isInterval({ low, high }: { low: number | null; high: number | null }): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}
