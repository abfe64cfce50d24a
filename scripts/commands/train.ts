import type { ModelResult } from "../../datasets/results.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { train } from "../../pipelines/train/train.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";

/** `signalbox train`: a router from a workspace's labelled requests. */
export const trainCommand = defineCommand({
  command: "train",
  describe: "Train a router on labelled requests: fit, calibrate, certify a threshold",
  builder: (yargs) =>
    yargs
      .option("workspace", { type: "string", demandOption: true, describe: "Workspace directory" })
      .option("retention", {
        type: "number",
        default: 0.98,
        describe: "Least quality to keep, relative to the strong model",
      })
      .option("confidence", {
        type: "number",
        default: 0.95,
        describe: "Confidence of that promise, one-sided",
      })
      .option("seed", {
        type: "number",
        default: 1,
        describe: "Seed of splits; the same seed gives the same router",
      })
      .option("strong", { type: "string", describe: "Reference model; the best one when not given" })
      .option("candidates", {
        type: "string",
        describe: "Cheaper models to consider, separated by commas; all when not given",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the result document" })
      .example("$0 train --workspace ws", "Train on everything labelled in ws")
      .example(
        "$0 train --workspace ws --retention 0.95 --strong gpt-4o --candidates gpt-4o-mini",
        "Two models, a looser promise",
      ),
  handler: async ({ workspace, retention, confidence, seed, strong, candidates, json }) => {
    const { progress, end } = stderrProgress();
    const result = await train(openWorkspace(workspace), {
      retention,
      confidence,
      seed,
      strong,
      candidates: candidates
        ?.split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
      onProgress: progress,
    });
    end();
    if (json) printJson(result);
    else printResult(result, workspace);
  },
});

function printResult(result: ModelResult, workspace: string): void {
  printTable(result.candidates, [
    { title: "model", value: ({ model }) => model },
    { title: "mean quality", value: ({ mean_quality }) => mean_quality.toFixed(4), align: "right" },
    { title: "mean cost", value: ({ mean_cost_usd }) => usd(mean_cost_usd), align: "right" },
    { title: "status", value: ({ status }) => status },
  ]);
  printLine();
  printTable(Object.entries(result.metrics), [
    { title: "held-out figure", value: ([name]) => name },
    {
      title: "value [95 % interval]",
      value: ([, estimate]) => withInterval(estimate, (value) => value.toFixed(4)),
    },
  ]);
  printLine();
  printLine(
    `Split: ${result.split}. Target: ${percent(result.retention_target)} of ${result.strong_model}'s quality.`,
  );
  for (const note of result.notes) printLine(`- ${note}`);
  printLine(`Next: signalbox export --workspace ${workspace}`);
}
