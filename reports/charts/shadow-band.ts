import type { ResponseShadow } from "../../datasets/shadow-result.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

/** The difference in quality over time with its confidence sequence, and the margin that its upper end has to pass under.
 * @returns null while no look has an interval */
export function shadowBandChart({
  looks,
  design,
}: Pick<ResponseShadow, "looks" | "design">): ChartSpec | null {
  const values = looks
    .filter(({ low, high }) => low !== null && high !== null)
    .map(({ at, difference, low, high, upper, pairs, e_value }) => ({
      at,
      difference,
      low,
      high,
      upper,
      pairs,
      e_value,
    }));
  if (values.length === 0) return null;
  const x = {
    field: "at",
    type: "temporal" as const,
    title: "Look",
    scale: { type: "utc" as const },
  };
  const y = {
    field: "difference",
    type: "quantitative" as const,
    title: "Quality lost (negative: gained)",
    scale: { zero: true, nice: true },
    axis: shareAxis,
  };
  const limit = [values[0]!.at, values.at(-1)!.at].map((at) => ({
    at,
    margin: design.judged_margin,
    zero: 0,
  }));
  return {
    data: { values },
    height: 230,
    layer: [
      {
        mark: { type: "rule", color: palette.cyan, strokeWidth: 7, opacity: 0.55 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
      },
      {
        mark: {
          type: "point",
          shape: "triangle-down",
          color: palette.purple,
          filled: true,
          size: 60,
          opacity: 1,
        },
        encoding: { x, y: { ...y, field: "upper" } },
      },
      {
        mark: { type: "line", color: palette.blue, strokeWidth: 2 },
        encoding: { x, y },
      },
      {
        mark: { type: "point", color: palette.blue, filled: true, size: 45, opacity: 1 },
        encoding: {
          x,
          y,
          tooltip: [
            { field: "at", type: "temporal", title: "Look", format: "%Y-%m-%d" },
            { field: "difference", type: "quantitative", title: "Quality lost", format: tooltipFormat.share },
            { field: "low", type: "quantitative", title: "From", format: tooltipFormat.share },
            { field: "high", type: "quantitative", title: "To", format: tooltipFormat.share },
            { field: "pairs", type: "quantitative", title: "Pairs", format: tooltipFormat.count },
            { field: "e_value", type: "quantitative", title: "Evidence", format: ",.3~r" },
          ],
        },
      },
      {
        data: { values: limit },
        mark: { type: "line", color: palette.red, strokeDash: [6, 4], strokeWidth: 2 },
        encoding: { x, y: { ...y, field: "margin" } },
      },
      {
        data: { values: limit },
        mark: { type: "line", color: palette.grey, strokeWidth: 1 },
        encoding: { x, y: { ...y, field: "zero" } },
      },
      {
        data: { values: [{ ...limit[0]!, label: "margin" }] },
        mark: { type: "text", align: "left", baseline: "bottom", dx: 4, dy: -4 },
        encoding: { x, y: { ...y, field: "margin" }, text: { field: "label" } },
      },
    ],
  };
}
