import { openWorkspace, resultPath } from "../../../datasets/workspace.js";
import { planLabels } from "../../../pipelines/label/plan-labels.js";
import { runLabels } from "../../../pipelines/label/run-labels.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import {
  callOptions,
  checkLabelNumbers,
  judgeOptions,
  readLabelOptions,
  sampleOptions,
} from "./label-options.js";
import { printLabelResult } from "./print-label-result.js";
import { printPlan } from "./print-plan.js";

/** `signalbox label run`, which a bare `signalbox label` is too. */
export const labelRunCommand = defineCommand({
  command: ["run", "$0"],
  describe: "Judge the sample; the same command goes on where it stopped",
  builder: (yargs) =>
    checkLabelNumbers(
      yargs
        .options(sampleOptions)
        .options(judgeOptions)
        .options(callOptions)
        .option("resume", {
          type: "boolean",
          default: true,
          describe: "Go on with what was already answered; --no-resume asks everything again",
        })
        .option("run-code-tests", {
          type: "boolean",
          default: false,
          describe: "Run JavaScript that models wrote with the tests of --checks, in a sealed machine",
        })
        .option("dry-run", { type: "boolean", default: false, describe: "Like label plan" }),
    )
      .example(
        "$0 label --workspace ws --judge-url https://api.openai.com/v1 --judge-model gpt-4.1 --candidate gpt-4o-mini --max-usd 5",
        "Judge 500 requests for at most $5",
      )
      .example(
        "$0 label --workspace ws --judge-url https://api.anthropic.com --judge-api anthropic --judge-model claude-sonnet-5-5 --mode batch",
        "Tiers, in a message batch",
      )
      .example(
        "$0 label --workspace ws --judge-url http://localhost:8000/v1 --judge-model qwen3-32b",
        "Tiers, on your own server",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const options = {
      ...readLabelOptions(argv),
      concurrency: argv.concurrency,
      isRunningTests: argv.runCodeTests,
    };
    if (argv.dryRun) {
      const plan = await planLabels(workspace, options);
      return argv.json ? printJson(plan) : printPlan(plan);
    }
    const { progress, end } = stderrProgress({ workspace, stage: "label" });
    const result = await runLabels(workspace, {
      ...options,
      isResumed: argv.resume,
      pollMs: argv.pollSeconds * 1_000,
      progress,
    }).finally(end);
    if (argv.json) printJson(result);
    else printLabelResult(result, resultPath(workspace, "label"));
  },
});
