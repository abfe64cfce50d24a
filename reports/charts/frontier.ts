import type { ModelResult } from "../../datasets/results.js";
import type { ChartSpec } from "./chart.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

type FrontierRow = ModelResult["frontier"][number];

/** Cost against quality over all thresholds, the certified point marked.
 * @returns null when there are no thresholds */
export function frontierChart(rows: readonly FrontierRow[], retentionTarget: number): ChartSpec | null {
  if (rows.length === 0) return null;
  const certified = certifiedPoint(rows, retentionTarget);
  const x = {
    field: "usd",
    type: "quantitative" as const,
    title: "Mean cost per request (USD)",
    scale: { zero: false, nice: true },
    axis: usdAxis,
  };
  const y = {
    field: "quality",
    type: "quantitative" as const,
    title: "Mean quality (0 to 1)",
    scale: { zero: false, nice: true },
    axis: { format: "~f" },
  };
  const tooltip = [
    { field: "threshold", type: "quantitative" as const, title: "Threshold", format: tooltipFormat.number },
    {
      field: "strong_share",
      type: "quantitative" as const,
      title: "Calls to the strong model",
      format: tooltipFormat.share,
    },
    { field: "usd", type: "quantitative" as const, title: "Cost per request", format: tooltipFormat.usd },
    { field: "quality", type: "quantitative" as const, title: "Quality", format: tooltipFormat.number },
    {
      field: "retention_low",
      type: "quantitative" as const,
      title: "Quality kept, lower bound",
      format: tooltipFormat.share,
    },
  ];
  const values = thin([...rows].sort((a, b) => a.threshold - b.threshold)).map((row, order) => ({
    ...row,
    order,
  }));
  return {
    data: { values },
    height: 250,
    layer: [
      {
        mark: { type: "line", color: palette.blue, strokeWidth: 2 },
        encoding: { x, y, order: { field: "order", type: "quantitative" } },
      },
      {
        mark: { type: "point", color: palette.blue, filled: true, size: 30, opacity: 1 },
        encoding: { x, y, tooltip },
      },
      ...(certified === null ? [] : certifiedLayers(certified, x, y, tooltip)),
    ],
  };
}

/** The loosest point that can be certified: from strict to loose, the last before the first whose lower bound on retention
 * misses the promise, as in fixed-sequence testing. A later point that happens to pass proves nothing.
 * @returns null when the strictest point misses it already */
export function certifiedPoint(rows: readonly FrontierRow[], retentionTarget: number): FrontierRow | null {
  const strictToLoose = [...rows].sort((a, b) => b.threshold - a.threshold);
  const firstFailure = strictToLoose.findIndex((row) => !(row.retention_low >= retentionTarget));
  const passed = firstFailure === -1 ? strictToLoose : strictToLoose.slice(0, firstFailure);
  return passed.at(-1) ?? null;
}

const mostPoints = 300;

/** Evenly spaced rows, first and last included: more points than pixels draw the same line. */
function thin(rows: FrontierRow[]): FrontierRow[] {
  if (rows.length <= mostPoints) return rows;
  return Array.from(
    { length: mostPoints },
    (_, i) => rows[Math.round((i * (rows.length - 1)) / (mostPoints - 1))]!,
  );
}

function certifiedLayers(
  certified: FrontierRow,
  x: NonNullable<NonNullable<ChartSpec["encoding"]>["x"]>,
  y: NonNullable<NonNullable<ChartSpec["encoding"]>["y"]>,
  tooltip: NonNullable<NonNullable<ChartSpec["encoding"]>["tooltip"]>,
): NonNullable<ChartSpec["layer"]> {
  const data = { values: [{ ...certified, label: "certified" }] };
  return [
    {
      data,
      mark: { type: "point", shape: "diamond", color: palette.red, filled: true, size: 220, opacity: 1 },
      encoding: { x, y, tooltip },
    },
    {
      data,
      mark: { type: "text", align: "left", baseline: "top", dx: 10, dy: 6, fontWeight: "bold" },
      encoding: { x, y, text: { field: "label" } },
    },
  ];
}
