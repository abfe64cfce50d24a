import { openWorkspace, resultPath } from "../../../../datasets/workspace.js";
import { judgePairs } from "../../../../pipelines/cache/pairs/judge-pairs.js";
import { printJson, stderrProgress } from "../../../terminal.js";
import { defineCommand } from "../../command.js";
import { callOptions } from "../../label/label-options.js";
import { checkPairNumbers, pairOptions, readPairOptions } from "./pair-options.js";
import { printPairs } from "./print-pairs.js";

/** `signalbox cache pairs judge`: ask a judge about the pairs that the plan draws. */
export const cachePairsJudgeCommand = defineCommand({
  command: "judge",
  describe: "Judge the pairs; the same command goes on where it stopped",
  builder: (yargs) =>
    checkPairNumbers(
      yargs.options(pairOptions).options(callOptions).option("resume", {
        type: "boolean",
        default: true,
        describe: "Go on with what was already answered; --no-resume asks everything again",
      }),
    )
      .example(
        "$0 cache pairs judge --workspace ws --judge-url https://api.openai.com/v1 --judge-model gpt-4.1 --max-usd 5",
        "Judge 1,000 pairs for at most $5",
      )
      .example(
        "$0 cache pairs judge --workspace ws --judge-url https://api.anthropic.com --judge-api anthropic --judge-model claude-sonnet-5-5 --mode batch",
        "In a message batch, at half the price",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const { progress, end } = stderrProgress();
    const result = await judgePairs(workspace, {
      ...readPairOptions(argv),
      concurrency: argv.concurrency,
      isResumed: argv.resume,
      pollMs: argv.pollSeconds * 1_000,
      progress,
    }).finally(end);
    if (argv.json) printJson(result);
    else printPairs(result, resultPath(workspace, "cache_pairs"));
  },
});
