import type { DriftResult } from "../../datasets/drift-result.js";
import { openWorkspace, resultPath } from "../../datasets/workspace.js";
import { measureDrift } from "../../pipelines/drift/measure-drift.js";
import { percent, printJson, printLine, printTable, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox drift`: what changed since a day, and whether to train again. */
export const driftCommand = defineCommand({
  command: "drift",
  describe: "Compare traffic since a day with that before: train again, and why",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("since", {
        type: "string",
        demandOption: true,
        describe: "Day (or ISO time, UTC) that parts before from since",
      })
      .option("artifact", {
        type: "string",
        describe: "Artifact in production, or the artifact/ of a workspace: scores, prices, models",
      })
      .option("log", {
        type: "string",
        array: true,
        default: [] as string[],
        defaultDescription: "the artifact decides anew",
        describe: "Decision log whose scores are compared; repeat for more",
      })
      .option("seed", { type: "number", default: 1, describe: "Seed of the shuffles" })
      .option("json", sharedOptions.json)
      .example("$0 drift --workspace ws --since 2026-09-08", "Has the traffic changed?")
      .example(
        "$0 drift --workspace ws --since 2026-09-08 --artifact ws/artifact --log decisions.jsonl",
        "Does the router in production still fit it?",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const result = await measureDrift(workspace, {
      since: argv.since,
      artifact: argv.artifact ?? null,
      logs: argv.log,
      seed: argv.seed,
    });
    if (argv.json) printJson(result);
    else printDrift(result, resultPath(workspace, "drift"));
  },
});

function printDrift(result: DriftResult, path: string): void {
  const { before, since, compared_before, compared_since } = result.requests;
  printLine(
    `${since} requests since ${result.since}, ${before} before; ${compared_since} compared with ${compared_before}.`,
  );
  printLine(`Retrain advised: ${result.retrain_advised ? "yes" : "no"}`);
  for (const { code, advises_retrain, evidence } of result.reasons)
    printLine(`  ${code}${advises_retrain ? "" : " (look into it)"}: ${evidence}`);
  printLine();
  printTable(result.columns, [
    { title: "distribution", value: ({ column }) => column },
    { title: "kind", value: ({ kind }) => kind },
    { title: "PSI", value: ({ psi }) => psi.toFixed(3), align: "right" },
    { title: "JS, bits", value: ({ js }) => js.toFixed(3), align: "right" },
    { title: "adjusted p", value: ({ p_adjusted }) => p_adjusted.toPrecision(2), align: "right" },
    { title: "verdict", value: ({ verdict }) => verdict },
  ]);
  printLine();
  printTable(result.outcomes, [
    { title: "outcome", value: ({ outcome }) => outcome },
    { title: "before", value: (row) => percent(row.before), align: "right" },
    { title: "since", value: (row) => percent(row.since), align: "right" },
    { title: "change", value: ({ difference }) => withInterval(difference, percent) },
    { title: "adjusted p", value: ({ p_adjusted }) => p_adjusted.toPrecision(2), align: "right" },
  ]);
  for (const { event, checked, evidence, alarm_at, is_raised } of result.alarms)
    printLine(
      `Alarm on ${event} (may be looked at daily): ${is_raised ? "RAISED" : "quiet"}, evidence ${evidence.toPrecision(3)} of ${alarm_at} after ${checked} sessions`,
    );
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}
