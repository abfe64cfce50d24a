import type { ModelResult } from "../../datasets/results.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { addModel } from "../../pipelines/train/add-model.js";
import { train } from "../../pipelines/train/train.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { readModelNames, sharedOptions } from "./shared-options.js";

/** `signalbox train`: a router from a workspace's labelled requests. */
export const trainCommand = defineCommand({
  command: "train",
  describe: "Train a router on labelled requests, certify its threshold",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("retention", {
        type: "number",
        defaultDescription: "0.98",
        describe: "Least quality to keep, as a share of the strong model's",
      })
      .option("confidence", {
        type: "number",
        defaultDescription: "0.95",
        describe: "One-sided confidence of that promise",
      })
      .option("seed", {
        type: "number",
        default: 1,
        describe: "Seed of the splits; the same seed gives the same router",
      })
      .option("strong", { type: "string", defaultDescription: "the best one", describe: "Reference model" })
      .option("candidate", {
        type: "string",
        array: true,
        alias: "candidates",
        defaultDescription: "all that are labelled",
        describe: "Cheaper models to consider; repeat, or separate by commas",
      })
      .option("add-model", {
        type: "string",
        describe: "Add this model to the trained router from its labels; all else, the target too, stays",
      })
      .conflicts("add-model", ["retention", "confidence", "strong", "candidate"])
      .option("json", sharedOptions.json)
      .example("$0 train --workspace ws", "Train on everything labelled in ws")
      .example(
        "$0 train --workspace ws --retention 0.95 --strong gpt-4o --candidate gpt-4o-mini",
        "Two models, a looser promise",
      )
      .example(
        "$0 train --workspace ws --add-model gpt-4.1-mini",
        "Add a model from a few hundred labels, without training again",
      ),
  handler: async ({ workspace, retention, confidence, seed, strong, candidate, addModel: model, json }) => {
    const opened = openWorkspace(workspace);
    const { progress, end } = stderrProgress({ workspace: opened, stage: "train" });
    const result =
      model === undefined
        ? await train(opened, {
            retention,
            confidence,
            seed,
            strong,
            candidates: candidate && readModelNames(candidate),
            onProgress: progress,
          })
        : await addModel(opened, model, { seed });
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
