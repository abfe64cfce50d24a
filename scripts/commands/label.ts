import { checkNumber } from "../../datasets/check-number.js";
import type { LabelDetails } from "../../datasets/results.js";
import { openWorkspace, resultPath } from "../../datasets/workspace.js";
import type { ExpectedWidth } from "../../pipelines/label/expected-width.js";
import { JudgeMode } from "../../pipelines/label/judge.js";
import { type LabelPlan, planLabels } from "../../pipelines/label/plan-labels.js";
import { runLabels } from "../../pipelines/label/run-labels.js";
import { LabelFocus } from "../../pipelines/label/uncertainty.js";
import { percent, printJson, printLine, printTable, stderrProgress, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { readModelNames, sharedOptions } from "./shared-options.js";

/** `signalbox label`: have a judge label a sample of the traffic. */
export const labelCommand = defineCommand({
  command: "label",
  describe: "Have a model judge a sample: how hard, would a cheaper one do",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("judge-url", {
        type: "string",
        describe:
          "OpenAI-compatible base URL; nothing is sent without it. The key is read from OPENAI_API_KEY",
      })
      .option("judge-model", {
        type: "string",
        demandOption: true,
        describe: "Model that judges; better of another family than the candidates",
      })
      .option("candidate", {
        type: "string",
        array: true,
        alias: "candidates",
        default: [] as string[],
        defaultDescription: "none, for difficulty and stakes only",
        describe: "Models to compare with the logged answers; repeat, or separate by commas",
      })
      .option("reference", {
        type: "string",
        defaultDescription: "any model",
        describe: "Judge only requests that this model served",
      })
      .option("mode", {
        choices: Object.values(JudgeMode),
        default: JudgeMode.chat as JudgeMode,
        describe: "Ask one by one, or through the Batch API (half price, up to 24 h)",
      })
      .option("sample", { type: "number", default: 500, describe: "Requests to sample" })
      .option("max-usd", {
        type: "number",
        defaultDescription: "no cap",
        describe: "Hard cap on what the run costs, restarts included",
      })
      .option("assume-usd-per-mtok", {
        type: "number",
        describe: "Price of every token of models without a known price",
      })
      .option("concurrency", { type: "number", default: 8, describe: "Calls at a time (chat)" })
      .option("poll-seconds", { type: "number", default: 30, describe: "Pause between two looks at a batch" })
      .option("resume", {
        type: "boolean",
        default: true,
        describe: "Go on with what was already answered; --no-resume asks everything again",
      })
      .option("seed", { type: "number", default: 1, describe: "Seed of the sample" })
      .option("focus", {
        choices: Object.values(LabelFocus),
        default: LabelFocus.even as LabelFocus,
        describe: "Sample all requests alike, or more of those that the trained model is unsure of",
      })
      .option("send-unredacted", {
        type: "boolean",
        default: false,
        describe: "Send text that was ingested with --content full as it is",
      })
      .option("dry-run", {
        type: "boolean",
        default: false,
        describe: "Show the items and the price, send nothing",
      })
      .option("json", sharedOptions.json)
      .check((argv) => {
        checkNumber("--sample", argv.sample, { from: 1, isWhole: true });
        checkNumber("--concurrency", argv.concurrency, { from: 1, isWhole: true });
        checkNumber("--seed", argv.seed, { isWhole: true });
        checkNumber("--poll-seconds", argv["poll-seconds"], { from: 0 });
        const { "max-usd": cap, "assume-usd-per-mtok": assumed } = argv;
        if (cap !== undefined) checkNumber("--max-usd", cap, { above: 0 });
        if (assumed !== undefined) checkNumber("--assume-usd-per-mtok", assumed, { from: 0 });
        return true;
      })
      .example(
        "$0 label --workspace ws --judge-model gpt-4.1 --candidate gpt-4o-mini --dry-run",
        "What would it cost?",
      )
      .example(
        "$0 label --workspace ws --judge-url https://api.openai.com/v1 --judge-model gpt-4.1 --candidate gpt-4o-mini --max-usd 5",
        "Judge 500 requests for at most $5",
      )
      .example(
        "$0 label --workspace ws --judge-url http://localhost:8000/v1 --judge-model qwen3-32b",
        "Tiers only, on your own server",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const options = {
      judgeUrl: argv.judgeUrl ?? null,
      judgeModel: argv.judgeModel,
      candidates: readModelNames(argv.candidate),
      reference: argv.reference ?? null,
      mode: argv.mode,
      sample: argv.sample,
      maxUsd: argv.maxUsd ?? null,
      assumeUsdPerMTok: argv.assumeUsdPerMtok ?? null,
      concurrency: argv.concurrency,
      seed: argv.seed,
      focus: argv.focus,
      isSentUnredacted: argv.sendUnredacted,
    };
    if (argv.dryRun) {
      const plan = await planLabels(workspace, options);
      return argv.json ? printJson(plan) : printPlan(plan);
    }
    const { progress, end } = stderrProgress();
    const result = await runLabels(workspace, {
      ...options,
      isResumed: argv.resume,
      pollMs: argv.pollSeconds * 1_000,
      progress,
    }).finally(end);
    if (argv.json) printJson(result);
    else printResult(result, resultPath(workspace, "label"));
  },
});

function printPlan(plan: LabelPlan): void {
  const { tier, answer, sufficiency, canary } = plan.calls;
  printLine(`Dry run: nothing was sent. Run ${plan.run_id}.`);
  printLine(`${plan.items} of ${plan.population} requests would be judged.`);
  printLine(
    `Calls: ${tier} tier, ${answer} candidate answers, ${sufficiency} comparisons, ${canary} canaries.`,
  );
  const unknown =
    plan.unpriced_models.length > 0 ? ` (no price known for ${plan.unpriced_models.join(", ")})` : "";
  printLine(`Expected cost at list price: ${usd(plan.estimated_usd)}${unknown}`);
  if (plan.expected_width !== null) printWidth(plan.expected_width);
  printExcluded(plan.excluded);
  printLine();
  printTable(plan.strata, [
    { title: "stratum", value: ({ stratum }) => stratum || "(all)" },
    { title: "requests", value: ({ population }) => String(population), align: "right" },
    { title: "sampled", value: ({ sampled }) => String(sampled), align: "right" },
  ]);
}

function printResult(result: LabelDetails, path: string): void {
  printLine(
    `${result.labelled} of ${result.items} sampled requests labelled; they speak for ${result.population}.`,
  );
  if (result.is_simulated) printLine("SIMULATED judge: nothing here is about a real model.");
  printExcluded(result.excluded);
  printLine(`Tiers: ${result.tiers.map(({ tier, items }) => `${tier}: ${items}`).join(", ")}`);
  if (result.pairs.length > 0) {
    printLine();
    printTable(result.pairs, [
      { title: "candidate", value: ({ candidate }) => candidate },
      { title: "sufficient", value: ({ sufficient }) => String(sufficient), align: "right" },
      { title: "insufficient", value: ({ insufficient }) => String(insufficient), align: "right" },
      { title: "tie", value: ({ tie }) => String(tie), align: "right" },
      { title: "can't tell", value: ({ cannot_tell }) => String(cannot_tell), align: "right" },
      {
        title: "sufficient for, of the traffic",
        value: (pair) => withInterval(pair.sufficient_share, percent),
      },
    ]);
    printLine();
    printLine(`Verdicts that changed with the order: ${withInterval(result.position_flip_rate, percent)}`);
    printLine(
      `Canaries passed: ${result.canaries.map(({ canary, calls, passed }) => `${canary} ${passed}/${calls}`).join(", ")}`,
    );
  }
  printLine(
    `Paid: ${usd(result.cost.judge_usd)} to the judge, ${usd(result.cost.answers_usd)} for answers; ${result.cost.unpriced_calls} calls without a known price.`,
  );
  for (const { kind, reason, calls } of result.failures)
    printLine(`Failed: ${calls} ${kind} calls (${reason})`);
  for (const note of result.notes) printLine(`Note: ${note}`);
  printLine(`Details: ${path}`);
}

function printWidth({ items, sufficient_share, retention, note }: ExpectedWidth): void {
  const half = (width: number | null) => (width === null ? "unknown" : `± ${(50 * width).toFixed(1)} points`);
  printLine(
    `Expected 95 % intervals at ${items} judged requests: sufficient share ${half(sufficient_share)}, retention ${half(retention)}.`,
  );
  printLine(`(${note}.)`);
}

function printExcluded(excluded: LabelPlan["excluded"]): void {
  if (excluded.length > 0)
    printLine(`Not judged: ${excluded.map(({ reason, requests }) => `${requests} ${reason}`).join(", ")}`);
}
