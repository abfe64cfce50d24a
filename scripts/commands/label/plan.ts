import { openWorkspace } from "../../../datasets/workspace.js";
import { planLabels } from "../../../pipelines/label/plan-labels.js";
import { printJson } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { checkLabelNumbers, judgeOptions, readLabelOptions, sampleOptions } from "./label-options.js";
import { printPlan } from "./print-plan.js";

/** `signalbox label plan`: items and price before anything is sent. */
export const labelPlanCommand = defineCommand({
  command: "plan",
  describe: "Say how many items, which calls and what price; send nothing",
  builder: (yargs) =>
    checkLabelNumbers(yargs.options(sampleOptions).options(judgeOptions)).example(
      "$0 label plan --workspace ws --judge-model gpt-4.1 --candidate gpt-4o-mini --max-usd 20",
      "What would it cost, and how far do $20 go?",
    ),
  handler: async (argv) => {
    const options = { ...readLabelOptions(argv), concurrency: 1 };
    const plan = await planLabels(openWorkspace(argv.workspace), options);
    if (argv.json) printJson(plan);
    else printPlan(plan);
  },
});
