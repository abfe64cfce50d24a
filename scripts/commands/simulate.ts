import type { StrategyRow } from "../../datasets/results.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { simulate } from "../../pipelines/simulate/simulate.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { latestArtifact } from "./latest-artifact.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox simulate`: what each strategy would have cost on the workspace's own traffic. */
export const simulateCommand = defineCommand({
  command: "simulate",
  describe: "Say what the router and its baselines would have cost on this traffic",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("artifact", {
        type: "string",
        defaultDescription: "the workspace's newest",
        describe: "Artifact directory",
      })
      .option("json", sharedOptions.json)
      .example("$0 simulate --workspace ws", "Billed, always-strong, best single, random and the router"),
  handler: async ({ workspace: path, artifact, json }) => {
    const workspace = openWorkspace(path);
    const { progress, end } = stderrProgress();
    const result = await simulate(workspace, {
      artifact: artifact ?? latestArtifact(workspace),
      onProgress: progress,
    });
    end();
    if (json) {
      printJson(result);
      return;
    }
    if (result.is_simulated)
      printLine("SIMULATED: the evidence behind this router comes from a simulated judge.");
    if (result.outcomes) {
      printLine(`Held-out outcomes (${result.outcomes.n} items; cost and quality measured)`);
      printStrategies(result.outcomes.strategies);
      printLine();
    }
    if (result.traffic) {
      printLine(
        `Logged traffic (${result.traffic.requests} attempts in ${result.traffic.sessions} sessions; cost and quality modelled)`,
      );
      printStrategies(result.traffic.strategies);
      printLine();
      printTable(result.traffic.coverage, [
        { title: "evidence", value: (row) => row.evidence },
        { title: "attempts", align: "right", value: (row) => String(row.requests) },
        { title: "usd", align: "right", value: (row) => usd(row.usd) },
        { title: "what", value: (row) => row.note },
      ]);
    } else {
      printLine("No logged request could be routed: the log has no prompts, or none of the router's models.");
    }
  },
});

function printStrategies(rows: readonly StrategyRow[]): void {
  printTable(rows, [
    { title: "strategy", value: (row) => row.label },
    { title: "usd", align: "right", value: (row) => withInterval(row.usd, usd) },
    {
      title: "saving",
      align: "right",
      value: (row) => (row.saving ? withInterval(row.saving, percent) : ""),
    },
    {
      title: "quality kept",
      align: "right",
      value: (row) => (row.retention ? withInterval(row.retention, percent) : "unknown"),
    },
    { title: "strong share", align: "right", value: (row) => percent(row.strong_share) },
  ]);
}
