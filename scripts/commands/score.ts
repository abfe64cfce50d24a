import { score } from "../../pipelines/score/score.js";
import { printJson, printLine, stderrProgress } from "../terminal.js";
import { defineCommand } from "./command.js";

/** `signalbox score`: decide every line of a file. */
export const scoreCommand = defineCommand({
  command: "score",
  describe: "Score a JSONL file of requests: one line in, one line out, same order",
  builder: (yargs) =>
    yargs
      .option("artifact", {
        type: "string",
        demandOption: true,
        describe: "Directory of an exported artifact",
      })
      .option("input", {
        type: "string",
        demandOption: true,
        describe: "JSONL of {id?, prompt | messages, ...}",
      })
      .option("output", {
        type: "string",
        demandOption: true,
        describe: "JSONL of {id, score, sufficiency, model, reasons}",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the summary as JSON" })
      .example("$0 score --artifact ws/artifact/ID --input dev.jsonl --output scores.jsonl", "Score a file"),
  handler: async ({ artifact, input, output, json }) => {
    const { progress, end } = stderrProgress();
    const summary = await score(artifact, input, output, { onProgress: progress });
    end();
    if (json) return printJson(summary);
    printLine(`${summary.lines} lines scored, ${summary.errors} of them unreadable: ${output}`);
    for (const [model, lines] of Object.entries(summary.models)) printLine(`${model}: ${lines}`);
  },
});
