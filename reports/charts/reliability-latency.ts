import type { LatencyRow } from "../../datasets/reliability-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette } from "./theme.js";

/** A bar from the median to the 95th percentile of the time to the last token, by strategy.
 * @returns null when no strategy has both */
export function reliabilityLatencyChart(rows: readonly LatencyRow[]): ChartSpec | null {
  const values = rows.flatMap(({ label, total_p50, total_p95 }) =>
    total_p50 && total_p95
      ? [{ strategy: visibleText(label, 44), p50: total_p50.value / 1000, p95: total_p95.value / 1000 }]
      : [],
  );
  if (values.length === 0) return null;
  const x = {
    field: "p50",
    type: "quantitative" as const,
    title: "Time to the last token (s)",
    scale: { zero: true, nice: true },
  };
  const y = {
    field: "strategy",
    type: "nominal" as const,
    sort: values.map(({ strategy }) => strategy),
    title: null,
  };
  const tooltip = [
    { field: "strategy", type: "nominal" as const, title: "Strategy" },
    { field: "p50", type: "quantitative" as const, title: "Median (s)", format: ".2f" },
    { field: "p95", type: "quantitative" as const, title: "95th percentile (s)", format: ".2f" },
  ];
  return {
    data: { values },
    height: { step: 34 },
    layer: [
      {
        mark: { type: "rule", color: palette.blue, strokeWidth: 8, opacity: 0.45 },
        encoding: { x, x2: { field: "p95" }, y, tooltip },
      },
      {
        mark: { type: "point", color: palette.blue, filled: true, size: 110, opacity: 1 },
        encoding: { x, y, tooltip },
      },
      {
        mark: { type: "point", color: palette.red, filled: true, shape: "diamond", size: 110, opacity: 1 },
        encoding: { x: { ...x, field: "p95" }, y, tooltip },
      },
    ],
  };
}
