import type { AuditResult } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { countAxis, palette, tooltipFormat } from "./theme.js";

/** Horizontal bars of tokens by kind, input and output in different colours, in the order given.
 * @returns null when no tokens were counted */
export function tokenAnatomyChart(rows: AuditResult["tokens"]): ChartSpec | null {
  const counted = rows.filter((row) => row.tokens > 0);
  if (counted.length === 0) return null;
  return {
    data: {
      values: counted.map((row) => ({
        kind: visibleText(row.kind),
        tokens: row.tokens,
        side: row.kind.startsWith("output") ? "output" : "input",
      })),
    },
    height: { step: 28 },
    mark: { type: "bar" },
    encoding: {
      x: { field: "tokens", type: "quantitative", title: "Tokens", axis: countAxis },
      y: { field: "kind", type: "nominal", sort: null, title: null },
      color: {
        field: "side",
        type: "nominal",
        scale: { domain: ["input", "output"], range: [palette.blue, palette.red] },
        legend: { title: null },
      },
      tooltip: [
        { field: "kind", type: "nominal", title: "Kind" },
        { field: "tokens", type: "quantitative", title: "Tokens", format: tooltipFormat.count },
      ],
    },
  };
}
