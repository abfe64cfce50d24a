import { InputError } from "../../datasets/errors.js";
import type { OpeEstimate, OpeResult } from "../../datasets/ope-result.js";
import { openWorkspace } from "../../datasets/workspace.js";
import { evaluateTarget, type OpeOptions } from "../../pipelines/ope/evaluate-target.js";
import { percent, printJson, printLine, printTable, usd, withInterval } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox ope`: what another policy would have been worth, from the log of one that explored. */
export const opeCommand = defineCommand({
  command: "ope",
  describe: "Say what another policy would have been worth, if the log explored",
  builder: (yargs) =>
    yargs
      .option("log", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Decision log with propensities, JSONL; repeat for more",
      })
      .option("rewards", {
        type: "string",
        array: true,
        describe: "JSONL of {request_id, reward in [0, 1], cost_usd?}; repeat for more",
      })
      .option("outcomes", { type: "boolean", describe: "Take the outcomes of the workspace as rewards" })
      .option("artifact", {
        type: "string",
        describe: "Artifact whose policy is evaluated, on requests of the workspace",
      })
      .option("target", {
        type: "string",
        describe: "JSONL of {request_id, model} or {request_id, probabilities}: the policy to evaluate",
      })
      .option("workspace", {
        type: "string",
        describe: "Workspace with the requests and outcomes; keeps the result",
      })
      .option("seed", { type: "number", default: 1, describe: "Seed of the reward model's folds" })
      .option("json", sharedOptions.json)
      .conflicts("artifact", "target")
      .conflicts("rewards", "outcomes")
      .example(
        "$0 ope --log decisions.jsonl --rewards rewards.jsonl --target stricter.jsonl",
        "Would the stricter policy have been better?",
      )
      .example(
        "$0 ope --log decisions.jsonl --outcomes --workspace ws --artifact ws/artifact",
        "What is the new artifact worth on old traffic?",
      ),
  handler: async (argv) => {
    const options = readOptions(argv);
    const result = await evaluateTarget(options);
    if (argv.json) printJson(result);
    else printOpe(result);
  },
});

function readOptions(argv: {
  log: string[];
  rewards?: string[] | undefined;
  outcomes?: boolean | undefined;
  artifact?: string | undefined;
  target?: string | undefined;
  workspace?: string | undefined;
  seed: number;
}): OpeOptions {
  const { artifact, target } = argv;
  const rewards = argv.rewards ?? [];
  if (rewards.length === 0 && argv.outcomes !== true)
    throw new InputError(
      "nothing says what answers were worth; give --rewards FILE, or --outcomes with --workspace",
    );
  if (artifact === undefined && target === undefined)
    throw new InputError("no policy to evaluate; give --target FILE, or --artifact with --workspace");
  if (argv.workspace === undefined && (rewards.length === 0 || artifact !== undefined))
    throw new InputError(
      "--outcomes and --artifact need --workspace: it holds the outcomes and the requests",
    );
  return {
    logs: argv.log,
    rewards,
    target: target === undefined ? { artifact: artifact! } : { file: target },
    workspace: argv.workspace === undefined ? null : openWorkspace(argv.workspace),
    seed: argv.seed,
  };
}

function printOpe(result: OpeResult): void {
  const { overlap } = result;
  printLine(`${result.used} of ${result.records} decisions evaluated.`);
  for (const { reason, records } of result.excluded)
    printLine(`Not evaluated: ${records} records (${reason})`);
  printLine();
  printTable(result.models, [
    { title: "model", value: ({ model }) => model },
    { title: "in the log", value: (row) => percent(row.logged_share), align: "right" },
    { title: "of the target", value: (row) => percent(row.target_share), align: "right" },
  ]);
  printLine();
  printLine(
    `worth ${overlap.ess.toFixed(0)} rows of equal weight; largest weight ${overlap.largest_weight.toFixed(1)}; mean weight ${withInterval(overlap.mean_weight, decimal)}; ${percent(overlap.random_share)} of rows chosen at random`,
  );
  printLine(`as logged: ${withInterval(result.logged, decimal)}`);
  printEstimates(result.value, decimal);
  if (result.cost_usd.length > 0) {
    printLine();
    printLine(`cost per request, ${result.cost_rows} rows:`);
    printEstimates(result.cost_usd, usd);
  }
  printLine();
  printTable(result.clipping, [
    { title: "weights clipped at", value: ({ clip }) => String(clip ?? "none"), align: "right" },
    { title: "rows clipped", value: ({ clipped_rows }) => String(clipped_rows), align: "right" },
    { title: "worth rows", value: ({ ess }) => ess.toFixed(0), align: "right" },
    { title: "SNIPS", value: (row) => withInterval(row.snips, decimal) },
    { title: "DR", value: (row) => withInterval(row.dr, decimal) },
  ]);
  for (const note of result.notes) printLine(`Note: ${note}`);
}

function printEstimates(rows: readonly OpeEstimate[], format: (value: number | null) => string): void {
  printTable(rows, [
    {
      title: "estimator",
      value: ({ estimator, is_valid }) => `${estimator}${is_valid ? "" : " (compare only)"}`,
    },
    { title: "value", value: (row) => withInterval(row.value, format) },
    { title: "minus the log", value: (row) => withInterval(row.difference, format) },
  ]);
}

function decimal(value: number | null): string {
  return (value ?? 0).toFixed(4);
}
