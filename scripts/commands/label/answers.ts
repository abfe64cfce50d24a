import { openWorkspace } from "../../../datasets/workspace.js";
import { type FetchedAnswers, fetchAnswers } from "../../../pipelines/label/fetch-answers.js";
import { JudgeApiName } from "../../../pipelines/label/judge.js";
import { printJson, printLine, printTable, stderrProgress, usd } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { readModelNames } from "../shared-options.js";
import { callOptions, checkLabelNumbers, readSampleOptions, sampleOptions } from "./label-options.js";

/** `signalbox label answers`: what cheaper models would have answered. */
export const labelAnswersCommand = defineCommand({
  command: "answers",
  describe: "Fetch cheaper models' answers to the sampled requests",
  builder: (yargs) =>
    checkLabelNumbers(
      yargs
        .options(sampleOptions)
        .option("model", {
          type: "string",
          array: true,
          demandOption: true,
          describe: "Models that are to answer; repeat, or separate by commas",
        })
        .option("answers-url", { type: "string", demandOption: true, describe: "Base URL where they answer" })
        .option("answers-api", {
          choices: Object.values(JudgeApiName),
          default: JudgeApiName.openai as JudgeApiName,
          describe: "What it speaks; the key is read from OPENAI_API_KEY or ANTHROPIC_API_KEY",
        })
        .option("send-content", {
          type: "boolean",
          default: false,
          describe: "Your word that the sampled requests may be sent there",
        })
        .options(callOptions),
    )
      .example(
        "$0 label answers --workspace ws --model gpt-4o-mini --answers-url https://api.openai.com/v1 --mode batch --send-content",
        "500 answers at the batch price",
      )
      .epilogue(
        "label run with the same --answers-url, --sample and --seed finds the answers and pays only for the judge.",
      ),
  handler: async (argv) => {
    const { progress, end } = stderrProgress();
    const fetched = await fetchAnswers(openWorkspace(argv.workspace), {
      ...readSampleOptions(argv),
      candidates: readModelNames(argv.model),
      endpoint: { url: argv.answersUrl, api: argv.answersApi },
      isSendingAllowed: argv.sendContent,
      concurrency: argv.concurrency,
      pollMs: argv.pollSeconds * 1_000,
      progress,
    }).finally(end);
    if (argv.json) printJson(fetched);
    else printAnswers(fetched);
  },
});

function printAnswers({ items, models, is_stopped_by_budget, is_simulated }: FetchedAnswers): void {
  printLine(`${items} requests sampled.`);
  if (is_simulated) printLine("SIMULATED models: nothing here is about a real one.");
  printTable(models, [
    { title: "model", value: ({ model }) => model },
    { title: "needed", value: ({ needed }) => String(needed), align: "right" },
    { title: "answered", value: ({ answered }) => String(answered), align: "right" },
    { title: "known before", value: ({ reused }) => String(reused), align: "right" },
    { title: "cut", value: ({ truncated }) => String(truncated), align: "right" },
    { title: "failed", value: ({ failed }) => String(failed), align: "right" },
    { title: "not sent", value: ({ not_sent }) => String(not_sent), align: "right" },
    { title: "paid", value: ({ cost_usd }) => usd(cost_usd), align: "right" },
  ]);
  if (is_stopped_by_budget) printLine("--max-usd stopped the run; raise it to go on.");
}
