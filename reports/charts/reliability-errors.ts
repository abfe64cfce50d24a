import type { ErrorTimeline } from "../../datasets/reliability-result.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

/** Share of attempts that failed, over time: outages stand out.
 * @returns null with fewer than two points or no failure at all */
export function reliabilityErrorsChart({ points }: ErrorTimeline): ChartSpec | null {
  if (points.length < 2 || points.every(({ failures }) => failures === 0)) return null;
  const x = {
    field: "at",
    type: "temporal" as const,
    title: "Time (UTC)",
    scale: { type: "utc" as const },
    axis: { grid: false },
  };
  return {
    data: {
      values: points.map(({ at, attempts, failures }) => ({
        at,
        attempts,
        failures,
        share: failures / attempts,
        none: 0,
      })),
    },
    height: 160,
    mark: { type: "rule", color: palette.red, strokeWidth: 5 },
    encoding: {
      x,
      y: {
        field: "none",
        type: "quantitative",
        title: "Failed attempts",
        scale: { zero: true, nice: true },
        axis: shareAxis,
      },
      y2: { field: "share" },
      tooltip: [
        { field: "at", type: "temporal", title: "From" },
        { field: "share", type: "quantitative", title: "Failed", format: tooltipFormat.share },
        { field: "failures", type: "quantitative", title: "Failures", format: tooltipFormat.count },
        { field: "attempts", type: "quantitative", title: "Attempts", format: tooltipFormat.count },
      ],
    },
  };
}
