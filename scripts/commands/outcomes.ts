import { ContentMode } from "../../datasets/privacy/content-mode.js";
import { openOrCreateWorkspace } from "../../datasets/workspace.js";
import { importOutcomes, type OutcomesImport } from "../../pipelines/outcomes/import-outcomes.js";
import { printJson, printLine, printTable, stderrProgress, usd } from "../terminal.js";
import { defineCommand } from "./command.js";
import { requireFiles } from "./require-files.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox outcomes import`: known quality of models' answers, from evaluations, feedback or paired runs. */
export const outcomesCommand = defineCommand({
  command: "outcomes <action> <file>",
  describe: "Import known quality of models' answers, such as an evaluation's",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["import"] as const,
        demandOption: true,
        describe: "The one thing to do",
      })
      .positional("file", { type: "string", demandOption: true, describe: "JSONL file, one item a line" })
      .option("workspace", sharedOptions.newWorkspace)
      .option("content", {
        choices: [ContentMode.redacted, ContentMode.full] as const,
        default: ContentMode.redacted,
        describe: "What to keep of the prompts",
      })
      .option("json", sharedOptions.json)
      .example("$0 outcomes import evals.jsonl --workspace ws", "Import the results of an evaluation")
      .epilogue(
        'A line is {"id": "q1", "prompt": "...", "group": "maths", "outcomes": {"gpt-4o": {"quality": 1, "cost_usd": 0.002}, ' +
          '"gpt-4o-mini": {"quality": 0.5, "output_tokens": 120}}}. In place of prompt: messages, system, tools. ' +
          "Optional: session, created_at, latency_ms. Quality is 0 to 1.",
      ),
  handler: async ({ file, workspace: path, content, json }) => {
    requireFiles([file], "name a JSONL file of outcomes");
    const workspace = openOrCreateWorkspace(path);
    const { progress, end } = stderrProgress({ workspace, stage: "outcomes" });
    const result = await importOutcomes(workspace, file, { content, onProgress: progress });
    end();
    if (json) printJson(result);
    else printResult(result, file, workspace.path);
  },
});

const rejectedShown = 20;

function printResult(result: OutcomesImport, file: string, workspacePath: string): void {
  const { read, items, outcomes, rejected, models, reused } = result;
  printLine(
    `${file}: ${read} read = ${items} items + ${rejected.length} rejected; ${outcomes} outcomes${reused ? " (kept from before)" : ""}`,
  );
  if (models.length > 0) {
    printLine();
    printTable(models, [
      { title: "model", value: ({ model }) => model },
      { title: "outcomes", align: "right", value: (row) => String(row.outcomes) },
      { title: "mean quality", align: "right", value: (row) => row.mean_quality.toFixed(3) },
      { title: "mean cost", align: "right", value: (row) => usd(row.mean_cost_usd) },
      { title: "given", align: "right", value: (row) => String(row.given_costs) },
      { title: "from price book", align: "right", value: (row) => String(row.price_book_costs) },
      { title: "unknown", align: "right", value: (row) => String(row.missing_costs) },
    ]);
  }
  if (rejected.length > 0) {
    printLine();
    printTable(rejected.slice(0, rejectedShown), [
      { title: "line", align: "right", value: ({ line }) => String(line) },
      { title: "reason", value: ({ reason }) => reason },
      { title: "detail", value: ({ detail }) => detail },
    ]);
    if (rejected.length > rejectedShown)
      printLine(`and ${rejected.length - rejectedShown} more; all are in the table quarantine`);
  }
  printLine();
  printLine(`Workspace: ${workspacePath}. Next: signalbox train --workspace ${workspacePath}`);
}
