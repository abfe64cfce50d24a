import type { BudgetOutlook, ForecastResult } from "../../datasets/forecast-result.js";
import { forecastSpendChart } from "../charts/forecast-spend.js";
import { type Block, type Notice, note, type Section, type Table } from "../content.js";
import type { ReportDocuments } from "../documents.js";
import { formatCountOf, formatInterval, formatShare, formatUsd, unknown } from "../format-numbers.js";
import { visibleText } from "../visible-text.js";
import { chartBlocks } from "./chart-blocks.js";
import { estimateCell, methodNotes } from "./estimate-text.js";
import { missingStage } from "./missing-stage.js";
import { tableBlock } from "./table-block.js";

/** What the next days will cost, as is and with the router. */
export function forecastSection({ forecast }: ReportDocuments): Section {
  return {
    id: "forecast",
    title: "Forecast",
    blocks: forecast
      ? blocksOf(forecast)
      : [missingStage("The spend has not been forecast yet.", "signalbox simulate --workspace DIR")],
  };
}

function blocksOf(forecast: ForecastResult): Block[] {
  const { horizons, budget, notes } = forecast;
  return [
    ...(horizons.length > 0 ? [{ kind: "paragraph" as const, text: basis(forecast) }] : []),
    ...(budget ? [budgetNotice(budget)] : []),
    ...(horizons.length > 0 ? [horizonTable(forecast)] : []),
    ...chartBlocks(
      {
        id: "chart-forecast",
        title: "Spend per day, and what is to come",
        description:
          "Daily spend in the log, and what is expected as things are and with the router (dashed). The bands are meant to hold 95 of 100 days.",
        spec: forecastSpendChart(forecast),
      },
      dayTable(forecast),
      "The log is too short to draw.",
    ),
    ...backtest(forecast),
    ...notes.map((text) => note(visibleText(text, 400))),
  ];
}

function basis({ window, model, given }: ForecastResult): string {
  const days =
    window.from === null
      ? "no whole day of log"
      : `${formatCountOf(window.whole_days, "whole day")} of log, ${window.from} to ${window.to}`;
  const weekdays = model.has_weekdays ? "a level for each weekday" : "one level for all days";
  return `Modelled from ${days}: ${weekdays}, ${growthWords(model, given)}.`;
}

function growthWords(model: ForecastResult["model"], given: ForecastResult["given"]): string {
  const range = model.growth_per_month && formatInterval(model.growth_per_month, formatShare);
  const shown = model.growth_per_month
    ? `${formatShare(model.growth_per_month.value)} a month in the log${range === null ? "" : `, 95 % interval ${range}`}`
    : "";
  switch (model.growth) {
    case "given":
      return `and your growth of ${formatShare(given.growth_per_month)} a month`;
    case "supported":
      return `and the log's own growth (${shown}), carried forward for ${formatCountOf(model.carried_days, "day")}`;
    case "not_supported":
      return `and no growth, for none is shown (${shown})`;
    case "too_few_days":
      return "and no growth, which so few days can't show";
  }
}

function horizonTable({ horizons, given }: ForecastResult): Table {
  const hasCommit = given.commit_usd_per_month !== null;
  return tableBlock({
    caption: "Expected spend",
    rows: horizons,
    columns: [
      {
        title: "Next",
        cell: (row) => ({ text: formatCountOf(row.days, "day"), detail: `${row.from} to ${row.to}` }),
      },
      { title: "As is", isNumber: true, cell: (row) => estimateCell(row.billed_usd, formatUsd) },
      { title: "With the router", isNumber: true, cell: (row) => estimateCell(row.routed_usd, formatUsd) },
      { title: "Saved", isNumber: true, cell: (row) => estimateCell(row.saving_usd, formatUsd) },
      ...(hasCommit
        ? [
            {
              title: `Saved above the commitment of ${formatUsd(given.commit_usd_per_month)} a month`,
              isNumber: true,
              cell: (row: ForecastResult["horizons"][number]) =>
                estimateCell(row.saving_after_commit_usd, formatUsd),
            },
          ]
        : []),
      { title: "Interval", cell: (row) => (row.has_interval ? "95 %" : "none: too far ahead") },
    ],
    notes: methodNotes(horizons.map(({ billed_usd: billed }) => billed)),
  });
}

function dayTable({ daily }: ForecastResult): Table {
  return tableBlock({
    caption: "Days to come",
    rows: daily,
    columns: [
      { title: "Day", cell: ({ day }) => day },
      { title: "As is", isNumber: true, cell: (row) => estimateCell(row.billed_usd, formatUsd) },
      { title: "With the router", isNumber: true, cell: (row) => estimateCell(row.routed_usd, formatUsd) },
    ],
    limit: 90,
  });
}

function budgetNotice({
  usd_per_month: usd,
  as_is,
  with_router,
}: NonNullable<ForecastResult["budget"]>): Notice {
  const isOver = as_is.passed_on !== null || (as_is.probability_over ?? 0) >= 0.5;
  const router = with_router === null ? "" : ` With the router: ${outlookWords(with_router)}.`;
  return {
    kind: "notice",
    tone: isOver ? "bad" : as_is.first_month_over !== null ? "caution" : "good",
    title: `Budget of ${formatUsd(usd)} a month`,
    text: `As is: ${outlookWords(as_is)}.${router}`,
  };
}

function outlookWords(outlook: BudgetOutlook): string {
  const { expected_usd: usd, probability_over: chance, passed_on: day, first_month_over: month } = outlook;
  const likely = chance === null ? unknown : formatShare(chance);
  const when =
    day !== null
      ? `the budget is passed on ${day}`
      : month !== null
        ? `the budget is first passed in the 30 days from ${month} on`
        : "no month of the next twelve is over it";
  return `${formatUsd(usd)} expected in 30 days, the chance of more than the budget is ${likely}; ${when}`;
}

function backtest({ backtest: tried }: ForecastResult): Block[] {
  if (!tried) return [];
  const range = formatInterval(tried.forecast_usd, formatUsd);
  const text = `Tried on the log itself: from the first ${formatCountOf(tried.trained_days, "day")}, the last ${formatCountOf(tried.held_out_days, "day")} were forecast at ${formatUsd(tried.forecast_usd.value)}${range === null ? "" : ` (${range})`}. They cost ${formatUsd(tried.actual_usd)}, which is ${tried.is_inside ? "inside" : "outside"} the interval.`;
  return tried.is_inside
    ? [{ kind: "paragraph", text }]
    : [{ kind: "notice", tone: "caution", title: "The forecast missed the log's own last days", text }];
}
