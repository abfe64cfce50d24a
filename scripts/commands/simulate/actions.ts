import type { ActionRow } from "../../../datasets/actions-result.js";
import { openWorkspace, resultPath, writeResult } from "../../../datasets/workspace.js";
import { readActionDocuments } from "../../../pipelines/actions/action-documents.js";
import { rankActions } from "../../../pipelines/actions/rank-actions.js";
import { printJson, printLine, printTable, usd, withInterval } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox simulate actions`: what to do, from the documents that the workspace holds. */
export const simulateActionsCommand = defineCommand({
  command: "actions",
  describe: "Rank what to do by dollars and effort, each with its first step",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("top", { type: "number", default: 3, describe: "Actions whose steps are printed" })
      .option("json", sharedOptions.json)
      .example("$0 simulate actions --workspace ws", "What saves most for the least effort, and how"),
  handler: async ({ workspace: path, top, json }) => {
    const workspace = openWorkspace(path);
    const result = rankActions(readActionDocuments(workspace));
    writeResult(workspace, "actions", result);
    if (json) {
      printJson(result);
      return;
    }
    printTable(result.actions, [
      { title: "", align: "right", value: ({ rank }) => String(rank) },
      { title: "action", value: ({ title }) => title },
      { title: "usd a month", align: "right", value: dollars },
      { title: "standing", value: ({ standing }) => standing.replaceAll("_", " ") },
      { title: "effort", value: ({ effort }) => effort },
      { title: "risk to quality", value: ({ risk }) => risk.replaceAll("_", " ") },
    ]);
    for (const action of result.actions.slice(0, top)) printSteps(action);
    printLine();
    for (const { title, why } of result.left_out) printLine(`Left out: ${title}: ${why}`);
    for (const note of result.notes) printLine(`Note: ${note}`);
    printLine(`Details: ${resultPath(workspace, "actions")}`);
  },
});

function dollars({ usd_per_month: month, standing }: ActionRow): string {
  if (month === null) return "unknown";
  const text = month.low === month.high ? usd(month.value) : withInterval(month, usd);
  return standing === "up_to" ? `up to ${text}` : text;
}

function printSteps({ rank, title, detail, first_step: first, check }: ActionRow): void {
  printLine();
  printLine(`${rank}. ${title}`);
  if (detail !== null) printLine(`   ${detail}`);
  for (const [word, step] of [
    ["First", first],
    ["Check", check],
  ] as const) {
    printLine(`   ${word}: ${step.text}`);
    for (const line of step.code.split("\n")) printLine(`     ${line}`);
  }
}
