import type { BudgetOutlook, ForecastResult } from "../../../datasets/forecast-result.js";
import { resultPath, writeResult } from "../../../datasets/workspace.js";
import { forecastSpend } from "../../../pipelines/forecast/forecast-spend.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { openNewestReplay } from "./open-newest-replay.js";

/** `signalbox simulate forecast`: what the next days will cost, as is and with the router. */
export const simulateForecastCommand = defineCommand({
  command: "forecast",
  describe: "Forecast 30, 90 and 365 days of spend, as is and with the router",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("artifact", sharedOptions.newestArtifact)
        .option("growth", {
          type: "number",
          defaultDescription: "the log's own, where it is shown",
          describe: "Growth of a month to carry forward: 0.1 = 10 % more",
        })
        .option("budget", { type: "number", describe: "USD that a month may cost" })
        .option("commit", { type: "number", describe: "USD that a month costs at least, by contract" })
        .option("seed", { type: "number", default: 1, describe: "Seed of the resampled days" })
        .option("json", sharedOptions.json),
      { growth: { above: -1, to: 10 }, budget: { from: 0 }, commit: { from: 0 } },
    )
      .example("$0 simulate forecast --workspace ws", "30, 90 and 365 days with intervals")
      .example(
        "$0 simulate forecast --workspace ws --budget 5000 --commit 3000 --growth 0.05",
        "When the budget is passed, and what a commitment leaves of the saving",
      ),
  handler: async ({ workspace: path, artifact, growth, budget, commit, seed, json }) => {
    const replayed = await openNewestReplay({ workspace: path, artifact });
    const result = forecastSpend(replayed, {
      growth: growth ?? null,
      budget: budget ?? null,
      commit: commit ?? null,
      seed,
    });
    writeResult(replayed.workspace, "forecast", result);
    if (json) printJson(result);
    else printForecast(result, resultPath(replayed.workspace, "forecast"));
  },
});

function printForecast(result: ForecastResult, path: string): void {
  const { window, model, backtest, budget, given } = result;
  printLine(
    `${window.whole_days} whole days${window.from === null ? "" : `, ${window.from} to ${window.to}`}; weekdays ${model.has_weekdays ? "told apart" : "not told apart"}; growth ${model.growth.replaceAll("_", " ")}${model.growth_per_month ? `, ${withInterval(model.growth_per_month, percent)} a month` : ""}`,
  );
  printLine();
  printTable(result.horizons, [
    { title: "days", align: "right", value: ({ days }) => String(days) },
    { title: "to", value: ({ to }) => to },
    { title: "as is", align: "right", value: (row) => withInterval(row.billed_usd, usd) },
    { title: "with router", align: "right", value: (row) => withInterval(row.routed_usd, usd) },
    { title: "saving", align: "right", value: (row) => withInterval(row.saving_usd, usd) },
    ...(given.commit_usd_per_month === null
      ? []
      : [
          {
            title: "saving after commitment",
            align: "right" as const,
            value: (row: ForecastResult["horizons"][number]) =>
              withInterval(row.saving_after_commit_usd, usd),
          },
        ]),
  ]);
  if (budget !== null) {
    printLine();
    printLine(`Budget ${usd(budget.usd_per_month)} a month`);
    printLine(`  as is: ${budgetText(budget.as_is)}`);
    if (budget.with_router !== null) printLine(`  with router: ${budgetText(budget.with_router)}`);
  }
  printLine();
  if (backtest !== null)
    printLine(
      `Tried on the log: the last ${backtest.held_out_days} days cost ${usd(backtest.actual_usd)}, forecast from the ${backtest.trained_days} before: ${withInterval(backtest.forecast_usd, usd)}, ${backtest.is_inside ? "inside" : "OUTSIDE"}.`,
    );
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}

function budgetText(outlook: BudgetOutlook): string {
  const chance =
    outlook.probability_over === null
      ? "chance unknown"
      : `${percent(outlook.probability_over)} chance that 30 days cost more`;
  const passed = outlook.passed_on === null ? "not passed in 30 days" : `passed on ${outlook.passed_on}`;
  const month = outlook.first_month_over;
  return `${usd(outlook.expected_usd)} expected, ${chance}; ${passed}${month === null ? ", nor in any of the next twelve months" : outlook.passed_on === null ? `; first month over begins ${month}` : ""}`;
}
