import { openOrCreateWorkspace, resultPath } from "../../../datasets/workspace.js";
import { judgeShadow } from "../../../pipelines/shadow/judge/judge-shadow.js";
import { planShadowJudge } from "../../../pipelines/shadow/judge/plan-shadow-judge.js";
import { printJson, stderrProgress } from "../../terminal.js";
import { checkNumbers } from "../check-numbers.js";
import { defineCommand } from "../command.js";
import { callOptions, callRules, judgeOptions, sampleOptions } from "../label/label-options.js";
import { requireFiles } from "../require-files.js";
import { sharedOptions } from "../shared-options.js";
import { printShadowJudge, printShadowJudgePlan } from "./print-judge.js";

/** `signalbox shadow judge`: compare the two answers of each pair of a response shadow, blind and in both orders. */
export const shadowJudgeCommand = defineCommand({
  command: "judge",
  describe: "Judge the pairs of a response shadow; the same command goes on where it stopped",
  builder: (yargs) =>
    checkNumbers(
      yargs.options({
        workspace: sharedOptions.newWorkspace,
        pairs: {
          type: "string",
          array: true,
          demandOption: true,
          describe: "Log of the response shadow, JSONL; name every file of the test",
        },
        contents: {
          type: "string",
          array: true,
          default: [] as string[],
          defaultDescription: "the log's own",
          describe: "JSONL of contents that were kept by reference",
        },
        plan: { type: "boolean", default: false, describe: "Say how many calls and dollars; send nothing" },
        sample: {
          type: "number",
          defaultDescription: "all",
          describe: "Pairs to judge at most, drawn at random",
        },
        seed: sampleOptions.seed,
        "judge-url": judgeOptions["judge-url"],
        "judge-api": judgeOptions["judge-api"],
        "judge-model": { type: "string", demandOption: true, describe: "Model that judges" },
        mode: sampleOptions.mode,
        "max-usd": sampleOptions["max-usd"],
        "assume-usd-per-mtok": sampleOptions["assume-usd-per-mtok"],
        "send-unredacted": {
          type: "boolean",
          default: false,
          describe: "Send texts as the log holds them, without redacting them once more",
        },
        ...callOptions,
        resume: {
          type: "boolean",
          default: true,
          describe: "Go on with what was already answered; --no-resume asks everything again",
        },
        json: sharedOptions.json,
      }),
      { sample: { from: 1, isWhole: true }, ...callRules },
    )
      .example(
        "$0 shadow judge --workspace ws --pairs pairs.jsonl --judge-model gpt-4.1 --plan",
        "What would it cost?",
      )
      .example(
        "$0 shadow judge --workspace ws --pairs pairs.jsonl --judge-url https://api.openai.com/v1 --judge-model gpt-4.1 --mode batch --max-usd 20",
        "Judge in batches, at half the price, for at most $20",
      ),
  handler: async (argv) => {
    requireFiles([...argv.pairs, ...argv.contents], "name the pairs that a response shadow logged");
    const workspace = openOrCreateWorkspace(argv.workspace);
    const options = {
      pairs: argv.pairs,
      contents: argv.contents,
      judgeUrl: argv.judgeUrl ?? null,
      judgeApi: argv.judgeApi,
      judgeModel: argv.judgeModel,
      mode: argv.mode,
      sample: argv.sample ?? null,
      seed: argv.seed,
      maxUsd: argv.maxUsd ?? null,
      assumeUsdPerMTok: argv.assumeUsdPerMtok ?? null,
      isSentUnredacted: argv.sendUnredacted,
    };
    if (argv.plan) {
      const plan = await planShadowJudge(workspace, options);
      if (argv.json) printJson(plan);
      else printShadowJudgePlan(plan);
      return;
    }
    const { progress, end } = stderrProgress();
    const result = await judgeShadow(workspace, {
      ...options,
      concurrency: argv.concurrency,
      pollMs: argv.pollSeconds * 1_000,
      isResumed: argv.resume,
      progress,
    }).finally(end);
    if (argv.json) printJson(result);
    else printShadowJudge(result, resultPath(workspace, "shadow_judge"));
  },
});
