import type { ChainRow } from "../../datasets/reliability-result.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { palette, shareAxis } from "./theme.js";

/** Requests that each chain leaves without an answer, with 95 % intervals; beside it what independent failures would leave.
 * @returns null without a chain, or when no first attempt failed */
export function reliabilityChainsChart(rows: readonly ChainRow[]): ChartSpec | null {
  if (rows.every(({ first_failures }) => first_failures === 0)) return null;
  const values = rows.map(({ label, availability, availability_if_independent }) => ({
    chain: visibleText(label, 44),
    unanswered: 1 - availability.value,
    low: 1 - availability.high,
    high: 1 - availability.low,
    independent: 1 - availability_if_independent,
  }));
  const x = {
    field: "unanswered",
    type: "quantitative" as const,
    title: "Requests without an answer",
    scale: { zero: true, nice: true },
    axis: shareAxis,
  };
  const y = {
    field: "chain",
    type: "nominal" as const,
    sort: values.map(({ chain }) => chain),
    title: null,
  };
  const tooltip = [
    { field: "chain", type: "nominal" as const, title: "Chain" },
    { field: "unanswered", type: "quantitative" as const, title: "Without an answer", format: ".3%" },
    { field: "low", type: "quantitative" as const, title: "From", format: ".3%" },
    { field: "high", type: "quantitative" as const, title: "To", format: ".3%" },
    { field: "independent", type: "quantitative" as const, title: "If independent", format: ".3%" },
  ];
  return {
    data: { values },
    height: { step: 32 },
    layer: [
      {
        mark: { type: "rule", color: palette.blue, strokeWidth: 3 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y },
      },
      {
        mark: { type: "point", color: palette.blue, filled: true, size: 100, opacity: 1 },
        encoding: { x, y, tooltip },
      },
      {
        mark: { type: "point", color: palette.grey, shape: "cross", size: 90, opacity: 1 },
        encoding: { x: { ...x, field: "independent" }, y, tooltip },
      },
    ],
  };
}
