import type { CascadeResult } from "../../datasets/cascade-result.js";
import type { ChartSpec } from "./chart.js";
import { costAndQuality } from "./cost-and-quality.js";
import { palette, tooltipFormat } from "./theme.js";

/** Cost against quality of every setting: cascades as lines, a confidence threshold without a gate as the line to beat.
 * @returns null without settings of a known cost */
export function cascadeChart({
  frontiers,
  thresholds,
}: Pick<CascadeResult, "frontiers" | "thresholds">): ChartSpec | null {
  const cascades = frontiers.flatMap(({ takes, points }) =>
    points.flatMap(({ usd, retention, ask_from }, order) =>
      usd === null ? [] : [{ kind: kinds[takes], usd, retention, ask_from, order }],
    ),
  );
  if (cascades.length === 0) return null;
  const alone = thresholds.map(({ usd, retention }, order) => ({
    kind: kinds.threshold,
    usd,
    retention,
    ask_from: null,
    order,
  }));
  const { x, y } = costAndQuality("Cost");
  const shown = [kinds.threshold, ...frontiers.map(({ takes }) => kinds[takes])];
  const color = {
    field: "kind",
    type: "nominal" as const,
    sort: null,
    scale: { domain: shown, range: [palette.grey, palette.green, palette.blue].slice(0, shown.length) },
    legend: { title: null },
  };
  const tooltip = [
    { field: "kind", type: "nominal" as const, title: "Setting of" },
    {
      field: "ask_from",
      type: "quantitative" as const,
      title: "Asked from confidence",
      format: tooltipFormat.number,
    },
    { field: "usd", type: "quantitative" as const, title: "Cost", format: tooltipFormat.usd },
    { field: "retention", type: "quantitative" as const, title: "Quality kept", format: tooltipFormat.share },
  ];
  return {
    data: { values: [...alone, ...cascades] },
    height: 240,
    layer: [
      {
        mark: { type: "line", strokeWidth: 2 },
        encoding: { x, y, color, order: { field: "order", type: "quantitative" } },
      },
      {
        mark: { type: "point", filled: true, size: 30, opacity: 1 },
        encoding: { x, y, color, tooltip },
      },
    ],
  };
}

const kinds = {
  threshold: "Confidence threshold, no gate",
  routed: "Cascade behind the router",
  all: "Cascade on every call",
} as const;
