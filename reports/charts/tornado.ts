import type { SensitivityLine } from "../../datasets/sensitivity-result.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";
import { wrapLabel, wrappedAxis } from "./wrap-label.js";

/** One bar an assumption, from the lowest to the highest figure that it leads to, widest first; a line marks the figure with nothing
 * changed.
 * @returns null when no end is known */
export function tornadoChart(
  lines: readonly SensitivityLine[],
  figure: SensitivityLine["figure"],
  base: number | null,
): ChartSpec | null {
  const values = lines.flatMap(({ figure: of, label, low, high }) =>
    of === figure && low !== null && high !== null
      ? {
          label: wrapLabel(label),
          low: low.figure.value,
          high: high.figure.value,
          low_at: low.at,
          high_at: high.at,
        }
      : [],
  );
  if (values.length === 0) return null;
  const y = { field: "label", type: "nominal" as const, sort: null, title: null, axis: wrappedAxis };
  const x = {
    field: "low",
    type: "quantitative" as const,
    title: figure === "saving" ? "Saving (share of the bill)" : "Quality kept (share of always-strong)",
    scale: { zero: false, nice: true },
    axis: shareAxis,
  };
  return {
    data: { values },
    height: { step: 34 },
    layer: [
      {
        mark: { type: "bar", color: palette.blue },
        encoding: {
          y,
          x,
          x2: { field: "high" },
          tooltip: [
            { field: "label", type: "nominal", title: "Assumption" },
            { field: "low", type: "quantitative", title: "Low", format: tooltipFormat.share },
            { field: "low_at", type: "nominal", title: "at" },
            { field: "high", type: "quantitative", title: "High", format: tooltipFormat.share },
            { field: "high_at", type: "nominal", title: "at" },
          ],
        },
      },
      ...(base === null
        ? []
        : [
            {
              data: { values: [{ base }] },
              mark: { type: "rule" as const, color: palette.red, strokeWidth: 2 },
              encoding: { x: { ...x, field: "base" } },
            },
          ]),
    ],
  };
}
