import type { SimulateResult } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { keepLargest, restName } from "./keep-largest.js";
import { sumRows } from "./sum-rows.js";
import { palette, tooltipFormat, usdAxis } from "./theme.js";

type AppRow = NonNullable<SimulateResult["traffic"]>["by_app"][number];

const mostApps = 10;

/** Pairs of bars per application: what was billed, and what the router would have cost.
 * @returns null when there is no application with any cost */
export function routedByAppChart(rows: readonly AppRow[]): ChartSpec | null {
  const costly = rows.filter((row) => row.billed_usd > 0 || row.routed_usd > 0);
  if (costly.length === 0) return null;
  const { kept, rest } = keepLargest(costly, {
    key: (row) => visibleText(row.app),
    amount: (row) => row.billed_usd,
    count: mostApps,
  });
  const other = restName(rest, "apps");
  const name = (row: AppRow) => (kept.includes(visibleText(row.app)) ? visibleText(row.app) : other);
  const kinds = ["billed", "routed"];
  return {
    data: {
      values: sumRows(
        costly.flatMap((row) => [
          { app: name(row), kind: "billed", usd: row.billed_usd },
          { app: name(row), kind: "routed", usd: row.routed_usd },
        ]),
        ["app", "kind"],
        ["usd"],
      ),
    },
    height: { step: 16 },
    mark: { type: "bar" },
    encoding: {
      x: { field: "usd", type: "quantitative", aggregate: "sum", title: "Cost (USD)", axis: usdAxis },
      y: {
        field: "app",
        type: "nominal",
        sort: rest > 0 ? [...kept, other] : kept,
        title: null,
        scale: { paddingInner: 0.3 },
      },
      yOffset: { field: "kind", type: "nominal", sort: kinds },
      color: {
        field: "kind",
        type: "nominal",
        sort: kinds,
        scale: { domain: kinds, range: [palette.grey, palette.green] },
        legend: { title: null },
      },
      tooltip: [
        { field: "app", type: "nominal", title: "App" },
        { field: "kind", type: "nominal", title: "" },
        { field: "usd", type: "quantitative", aggregate: "sum", title: "Cost", format: tooltipFormat.usd },
      ],
    },
  };
}
