import type { SpendRow } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { keepLargest, restName } from "./keep-largest.js";
import { sumRows } from "./sum-rows.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

const mostBars = 12;

/** Horizontal bars of billed spend by model, largest first, the small ones together.
 * @returns null when no model has priced spend */
export function spendByModelChart(rows: readonly SpendRow[]): ChartSpec | null {
  const spent = rows.filter((row) => row.usd > 0);
  if (spent.length === 0) return null;
  const { kept, rest } = keepLargest(spent, {
    key: (row) => visibleText(row.key),
    amount: (row) => row.usd,
    count: mostBars,
  });
  const other = restName(rest, "models");
  const order = rest > 0 ? [...kept, other] : kept;
  const name = (row: SpendRow) => (kept.includes(visibleText(row.key)) ? visibleText(row.key) : other);
  return {
    data: {
      values: sumRows(
        spent.map((row) => ({ model: name(row), usd: row.usd, requests: row.requests })),
        ["model"],
        ["usd", "requests"],
      ),
    },
    height: { step: 26 },
    mark: { type: "bar", color: palette.blue },
    encoding: {
      x: { field: "usd", type: "quantitative", aggregate: "sum", title: "Billed (USD)", axis: usdAxis },
      y: { field: "model", type: "nominal", sort: order, title: null },
      tooltip: [
        { field: "model", type: "nominal", title: "Model" },
        { field: "usd", type: "quantitative", aggregate: "sum", title: "Billed", format: tooltipFormat.usd },
        {
          field: "requests",
          type: "quantitative",
          aggregate: "sum",
          title: "Calls",
          format: tooltipFormat.count,
        },
      ],
    },
  };
}
