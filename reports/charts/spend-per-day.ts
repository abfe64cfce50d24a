import type { AuditResult } from "../../datasets/results.js";
import { visibleText } from "../visible-text.js";
import type { ChartSpec } from "./chart.js";
import { keepLargest, restName } from "./keep-largest.js";
import { sumRows } from "./sum-rows.js";
import { categoryColors, palette, tooltipFormat, usdAxis } from "./theme.js";

/** Stacked bars of priced spend per day (per week over four months, per month over two years), coloured by model.
 * @returns null when no day has priced spend */
export function spendPerDayChart(rows: AuditResult["by_day"]): ChartSpec | null {
  const spent = rows.filter((row) => row.usd > 0);
  if (spent.length === 0) return null;
  const { kept, rest } = keepLargest(spent, {
    key: (row) => visibleText(row.model),
    amount: (row) => row.usd,
    count: categoryColors.length + 1,
  });
  const other = restName(rest, "models");
  const series = rest > 0 ? [...kept, other] : kept;
  const { timeUnit, word, format } = stepOf(new Set(spent.map((row) => row.day)).size);
  return {
    data: {
      values: sumRows(
        spent.map((row) => {
          const model = visibleText(row.model);
          const place = kept.indexOf(model);
          return {
            day: row.day,
            model: place < 0 ? other : model,
            place: place < 0 ? kept.length : place,
            usd: row.usd,
          };
        }),
        ["day", "model"],
        ["usd"],
      ),
    },
    height: 220,
    mark: { type: "bar" },
    encoding: {
      x: {
        field: "day",
        type: "temporal",
        timeUnit,
        title: "Date (UTC)",
        scale: { type: "utc" },
        axis: { format, grid: false },
      },
      y: {
        field: "usd",
        type: "quantitative",
        aggregate: "sum",
        stack: "zero",
        title: `Spend per ${word} (USD)`,
        axis: usdAxis,
      },
      color: {
        field: "model",
        type: "nominal",
        sort: null,
        scale: {
          domain: series,
          range: [...categoryColors.slice(0, kept.length), ...(rest > 0 ? [palette.grey] : [])],
        },
        legend: { title: null },
      },
      order: { field: "place", type: "quantitative" },
      tooltip: [
        { field: "day", type: "temporal", timeUnit, title: "Date", format: "%Y-%m-%d" },
        { field: "model", type: "nominal", title: "Model" },
        { field: "usd", type: "quantitative", aggregate: "sum", title: "Spend", format: tooltipFormat.usd },
      ],
    },
  };
}

function stepOf(days: number): { timeUnit: string; word: string; format: string } {
  if (days <= 124) return { timeUnit: "utcyearmonthdate", word: "day", format: "%b %d" };
  if (days <= 731) return { timeUnit: "utcyearweek", word: "week", format: "%b %d, %Y" };
  return { timeUnit: "utcyearmonth", word: "month", format: "%b %Y" };
}
