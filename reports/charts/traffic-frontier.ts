import { FrontierKind, type FrontierPoint } from "../../datasets/frontier-result.js";
import type { ChartSpec } from "./chart.js";
import { costAndQuality } from "./cost-and-quality.js";
import { palette, tooltipFormat } from "./theme.js";

/** Every setting as a point, cost to the right and quality kept upwards; settings of thresholds are joined by a line.
 * @returns null when no setting has a known quality */
export function trafficFrontierChart(points: readonly FrontierPoint[]): ChartSpec | null {
  const values = points.flatMap((point) => {
    if (point.retention === null) return [];
    return {
      kind: kindNames[point.kind],
      setting: point.label,
      usd: point.usd.value,
      retention: point.retention.value,
      retention_low: point.retention.low,
      p95_s: point.p95_ms === null ? null : point.p95_ms.value / 1000,
    };
  });
  if (values.length === 0) return null;
  const shown = Object.keys(kindColors).filter((kind) => values.some((value) => value.kind === kind));
  values.sort((a, b) => shown.indexOf(a.kind) - shown.indexOf(b.kind));
  const { x, y } = costAndQuality("Cost of the replayed calls");
  const color = {
    field: "kind",
    type: "nominal" as const,
    sort: null,
    scale: { domain: shown, range: shown.map((kind) => kindColors[kind]!) },
    legend: { title: null },
  };
  const shapes = shown.map((kind) => kindShapes[kind] ?? "circle");
  return {
    data: { values },
    height: 280,
    layer: [
      {
        data: {
          values: values
            .filter(({ kind }) => kind === kindNames.threshold)
            .sort((a, b) => a.usd - b.usd)
            .map((value, order) => ({ ...value, order })),
        },
        mark: { type: "line", color: palette.blue, strokeWidth: 1.5 },
        encoding: { x, y, order: { field: "order", type: "quantitative" } },
      },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          shape: {
            field: "kind",
            type: "nominal",
            sort: null,
            scale: { domain: shown, range: shapes },
            legend: { title: null },
          },
          tooltip: [
            { field: "setting", type: "nominal", title: "Setting" },
            { field: "usd", type: "quantitative", title: "Cost", format: tooltipFormat.usd },
            {
              field: "retention",
              type: "quantitative",
              title: "Quality kept",
              format: tooltipFormat.share,
            },
            {
              field: "retention_low",
              type: "quantitative",
              title: "at least (95 %)",
              format: tooltipFormat.share,
            },
            { field: "p95_s", type: "quantitative", title: "p95 latency (s)", format: ".2f" },
          ],
        },
      },
    ],
  };
}

/** What a reader calls each kind of setting. */
export const kindNames: Readonly<Record<FrontierKind, string>> = {
  [FrontierKind.billed]: "as billed",
  [FrontierKind.router]: "router as it is set",
  [FrontierKind.dial]: "dial",
  [FrontierKind.threshold]: "one threshold",
  [FrontierKind.perApp]: "threshold by app",
  [FrontierKind.single]: "one model",
  [FrontierKind.randomMix]: "random mix",
  [FrontierKind.ifExact]: "if estimates were exact",
};

// in the order in which points are drawn over each other
const kindColors: Readonly<Record<string, string>> = {
  [kindNames.if_exact]: palette.grey,
  [kindNames.random_mix]: palette.yellow,
  [kindNames.threshold]: palette.blue,
  [kindNames.per_app]: palette.cyan,
  [kindNames.single]: palette.purple,
  [kindNames.dial]: palette.green,
  [kindNames.billed]: palette.red,
  [kindNames.router]: palette.green,
};

// a second cue besides colour
const kindShapes: Readonly<Record<string, string>> = {
  [kindNames.if_exact]: "cross",
  [kindNames.random_mix]: "triangle-down",
  [kindNames.per_app]: "square",
  [kindNames.single]: "triangle-up",
  [kindNames.dial]: "triangle-right",
  [kindNames.billed]: "diamond",
  [kindNames.router]: "diamond",
};
