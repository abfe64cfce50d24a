import type { StrategyRow } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { costAndQuality } from "./cost-and-quality.js";
import { palette, tooltipFormat } from "./theme.js";

/** Strategies as points, cost to the right and quality kept upwards, each with its 95 % intervals as bars.
 * @returns null when no strategy has a known quality */
export function strategyCostsChart(rows: readonly StrategyRow[]): ChartSpec | null {
  const names = shortNames(rows.map(({ label }) => label));
  const values = rows.flatMap((row) => {
    if (row.retention === null) return [];
    return {
      strategy: names.get(row.label)!,
      role: row.strategy === "router" ? "trained router" : "baseline",
      usd: row.usd.value,
      usd_low: row.usd.low,
      usd_high: row.usd.high,
      retention: row.retention.value,
      retention_low: row.retention.low,
      retention_high: row.retention.high,
    };
  });
  if (values.length === 0) return null;
  const { x, y: plain } = costAndQuality("Cost");
  const y = { ...plain, scale: { zero: false, padding: 12 } };
  const color = {
    field: "strategy",
    type: "nominal" as const,
    sort: null,
    scale: { domain: values.map(({ strategy }) => strategy), range: colorsOf(values) },
    legend: { title: null },
  };
  const tooltip = [
    { field: "strategy", type: "nominal" as const, title: "Strategy" },
    { field: "usd", type: "quantitative" as const, title: "Cost", format: tooltipFormat.usd },
    { field: "retention", type: "quantitative" as const, title: "Quality kept", format: tooltipFormat.share },
    {
      field: "retention_low",
      type: "quantitative" as const,
      title: "at least (95 %)",
      format: tooltipFormat.share,
    },
    {
      field: "retention_high",
      type: "quantitative" as const,
      title: "at most (95 %)",
      format: tooltipFormat.share,
    },
  ];
  return {
    data: { values },
    height: 250,
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x, y: { ...y, field: "retention_low" }, y2: { field: "retention_high" }, color },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { ...x, field: "usd_low" }, x2: { field: "usd_high" }, y, color },
      },
      {
        mark: { type: "point", filled: true, size: 130, opacity: 1 },
        encoding: { x, y, color, shape: shape(values), tooltip },
      },
    ],
  };
}

/** Names short enough for a legend: without what follows the last comma, where they stay apart; the table has them whole. */
function shortNames(labels: readonly string[]): Map<string, string> {
  const shorten = (label: string) => label.replace(/,[^,]*$/, "");
  const isTaken = (label: string) => labels.filter((other) => shorten(other) === shorten(label)).length > 1;
  return new Map(labels.map((label) => [label, visibleText(isTaken(label) ? label : shorten(label), 36)]));
}

function colorsOf(values: ReadonlyArray<{ role: string }>): string[] {
  const baselines = [palette.grey, palette.blue, palette.purple, palette.yellow, palette.cyan, palette.red];
  let next = 0;
  return values.map(({ role }) =>
    role === "trained router" ? palette.green : baselines[next++ % baselines.length]!,
  );
}

// a second cue besides colour, shifted when the shapes run out, so that no two marks are the same in both; the domain equals the colour's, so that Vega-Lite merges both into one legend
function shape(
  values: ReadonlyArray<{ strategy: string }>,
): NonNullable<NonNullable<ChartSpec["encoding"]>["shape"]> {
  const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];
  return {
    field: "strategy",
    type: "nominal",
    sort: null,
    scale: {
      domain: values.map(({ strategy }) => strategy),
      range: values.map((_, i) => shapes[(i + Math.floor(i / shapes.length)) % shapes.length]!),
    },
    legend: { title: null },
  };
}
