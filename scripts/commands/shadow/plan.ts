import type { PlannedCost, ShadowPlanResult } from "../../../datasets/shadow-plan-result.js";
import { openWorkspace } from "../../../datasets/workspace.js";
import { planShadow } from "../../../pipelines/shadow/plan-shadow.js";
import { percent, printJson, printLine, printTable, usd } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox shadow plan`: pairs, days and price of a response shadow, before it starts. */
export const shadowPlanCommand = defineCommand({
  command: "plan",
  describe: "Say how many pairs and days a response shadow takes, at what price",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("margin", { type: "number", default: 0.02, describe: "Loss of quality that is accepted" })
      .option("power", {
        type: "number",
        default: 0.8,
        describe: "Chance of certifying an equally good model",
      })
      .option("alpha", {
        type: "number",
        default: 0.05,
        describe: "Chance of certifying one that is worse by the margin",
      })
      .option("rate", { type: "number", default: 0.1, describe: "Share of sessions that is sampled" })
      .option("candidate", {
        type: "string",
        defaultDescription: "the trained router's cheapest",
        describe: "Model to be tried",
      })
      .option("baseline", {
        type: "string",
        defaultDescription: "the trained router's strong model",
        describe: "Model that serves now",
      })
      .option("judge-model", {
        type: "string",
        describe: "Model that would judge, for its price; it isn't called",
      })
      .option("discordance", {
        type: "number",
        defaultDescription: "measured, else 0.2",
        describe: "Share of pairs whose answers differ in quality",
      })
      .option("icc", {
        type: "number",
        defaultDescription: "measured, else 0.3",
        describe: "Correlation of quality differences within a session",
      })
      .option("days", {
        type: "number",
        array: true,
        default: [7, 14, 28],
        describe: "Lengths of test to state the reachable margin for",
      })
      .option("json", sharedOptions.json)
      .example("$0 shadow plan --workspace ws --margin 0.02 --judge-model gpt-4.1", "Before the test starts"),
  handler: async ({ workspace, judgeModel, json, ...options }) => {
    const plan = await planShadow(openWorkspace(workspace), { ...options, judge: judgeModel });
    if (json) printJson(plan);
    else printPlan(plan);
  },
});

function printPlan(plan: ShadowPlanResult): void {
  for (const advice of plan.advice) printLine(advice);
  printLine();
  const { traffic } = plan;
  printLine(
    `${Math.round(traffic.requests_per_day)} requests a day in sessions of ${traffic.mean_session.toFixed(1)}; at ${percent(plan.rate)} ${Math.round(traffic.pairs_per_day)} pairs a day count, at most ${plan.session_cap} of a session (${percent(plan.kept_share)} of pairs)`,
  );
  printLine(
    `discordance ${plan.discordance.toFixed(3)} (${plan.discordance_source}); likeness within a session ${plan.icc.toFixed(2)} (${plan.icc_source}); design effect ${plan.design_effect.toFixed(2)}`,
  );
  printLine();
  printTable(plan.tests, [
    {
      title: `margin ${percent(plan.margin)}, power ${percent(plan.power, 0)}`,
      value: (row) => testNames[row.test],
    },
    { title: "pairs", align: "right", value: (row) => row.pairs?.toLocaleString("en-US") ?? "never" },
    { title: "days", align: "right", value: (row) => row.days?.toLocaleString("en-US") ?? "never" },
  ]);
  printLine();
  printTable(plan.reachable, [
    { title: "days", align: "right", value: (row) => String(row.days) },
    { title: "pairs", align: "right", value: (row) => row.pairs.toLocaleString("en-US") },
    { title: "one look", align: "right", value: (row) => percent(row.fixed, 2) },
    { title: "e-process", align: "right", value: (row) => percent(row.e_process, 2) },
    { title: "confidence sequence", align: "right", value: (row) => percent(row.sequence, 2) },
  ]);
  printLine();
  printTable<PlannedCost & { what: string }>(
    [
      { what: "shadow calls", ...plan.shadow_calls },
      { what: "judging, both orders", ...plan.judging },
    ],
    [
      { title: "price", value: (row) => row.what },
      { title: "model", value: (row) => row.model ?? "not named" },
      { title: "calls", align: "right", value: (row) => row.calls.toLocaleString("en-US") },
      { title: "usd", align: "right", value: (row) => usd(row.usd) },
      { title: "priced requests", align: "right", value: (row) => percent(row.priced_share) },
    ],
  );
}

const testNames = {
  fixed: "one look at the end",
  e_process: "e-process, looked at daily",
  sequence: "confidence sequence, looked at daily",
} as const;
