import { score } from "../../pipelines/score/score.js";
import { printJson, printLine, stderrProgress } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox score`: decide every line of a file. */
export const scoreCommand = defineCommand({
  command: "score",
  describe: "Decide every line of a JSONL file, in the same order",
  builder: (yargs) =>
    yargs
      .option("artifact", sharedOptions.artifact)
      .option("input", {
        type: "string",
        demandOption: true,
        describe: "JSONL file to read: {id?, prompt | messages, ...}",
      })
      .option("output", {
        type: "string",
        demandOption: true,
        describe: "JSONL file to write: {id, score, sufficiency, model, reasons}",
      })
      .option("json", sharedOptions.json)
      .example(
        "$0 score --artifact ws/artifact --input dev.jsonl --output scores.jsonl",
        "Score a file, for signalbox evaluate",
      ),
  handler: async ({ artifact, input, output, json }) => {
    const { progress, end } = stderrProgress();
    const summary = await score(artifact, input, output, { onProgress: progress });
    end();
    if (json) return printJson(summary);
    printLine(`${summary.lines} lines scored, ${summary.errors} of them unreadable: ${output}`);
    for (const [model, lines] of Object.entries(summary.models)) printLine(`${model}: ${lines}`);
  },
});
