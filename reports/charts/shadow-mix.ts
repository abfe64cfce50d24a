import type { ShadowResult } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { keepLargest, restName } from "./keep-largest.js";
import { sumRows } from "./sum-rows.js";
import { palette, shareAxis, tooltipFormat } from "./theme.js";

const mostModels = 12;

/** Horizontal bars of the router's decisions by model.
 * @returns null when nothing was decided */
export function shadowMixChart(rows: ShadowResult["mix"]): ChartSpec | null {
  const chosen = rows.filter((row) => row.decisions > 0);
  if (chosen.length === 0) return null;
  const { kept, rest } = keepLargest(chosen, {
    key: (row) => visibleText(row.model),
    amount: (row) => row.decisions,
    count: mostModels,
  });
  const other = restName(rest, "models");
  return {
    data: {
      values: sumRows(
        chosen.map((row) => {
          const model = visibleText(row.model);
          return { model: kept.includes(model) ? model : other, decisions: row.decisions, share: row.share };
        }),
        ["model"],
        ["decisions", "share"],
      ),
    },
    height: { step: 28 },
    mark: { type: "bar", color: palette.green },
    encoding: {
      x: {
        field: "share",
        type: "quantitative",
        aggregate: "sum",
        title: "Share of decisions",
        axis: shareAxis,
      },
      y: { field: "model", type: "nominal", sort: rest > 0 ? [...kept, other] : kept, title: null },
      tooltip: [
        { field: "model", type: "nominal", title: "Model" },
        {
          field: "decisions",
          type: "quantitative",
          aggregate: "sum",
          title: "Decisions",
          format: tooltipFormat.count,
        },
        {
          field: "share",
          type: "quantitative",
          aggregate: "sum",
          title: "Share",
          format: tooltipFormat.share,
        },
      ],
    },
  };
}
