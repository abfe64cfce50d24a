import { checkNumber } from "../../../datasets/check-number.js";
import { openWorkspace } from "../../../datasets/workspace.js";
import { type SheetSummary, writeSheet } from "../../../pipelines/trust/write-sheet.js";
import { printJson, printLine, printTable } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";

/** `signalbox label sheet`: judged pairs for humans to rate, blind. */
export const labelSheetCommand = defineCommand({
  command: "sheet",
  describe: "Write a blind sheet of judged pairs for humans to rate",
  builder: (yargs) =>
    yargs
      .option("workspace", sharedOptions.workspace)
      .option("out", { type: "string", demandOption: true, describe: "CSV file to write" })
      .option("n", { type: "number", default: 200, describe: "Pairs to draw; 100 to 300 are usual" })
      .option("seed", { type: "number", default: 1, describe: "Seed of the draw" })
      .option("json", sharedOptions.json)
      .check((argv) => {
        checkNumber("--n", argv.n, { from: 1, isWhole: true });
        checkNumber("--seed", argv.seed, { isWhole: true });
        return true;
      })
      .example("$0 label sheet --workspace ws --out sheet.csv --n 200", "200 pairs for a human to rate"),
  handler: async ({ workspace, out, n, seed, json }) => {
    const summary = await writeSheet(openWorkspace(workspace), { path: out, n, seed });
    if (json) printJson(summary);
    else printSheet(summary, workspace);
  },
});

function printSheet({ path, pairs, judged_pairs, strata }: SheetSummary, workspace: string): void {
  printLine(`${pairs} of ${judged_pairs} judged pairs, at random within each candidate and verdict.`);
  printTable(strata, [
    { title: "pairs", value: ({ stratum }) => stratum },
    { title: "judged", value: ({ judged }) => String(judged), align: "right" },
    { title: "drawn", value: ({ drawn }) => String(drawn), align: "right" },
  ]);
  printLine();
  printLine(
    "In each row say whether the answer named in judged_answer could have been sent instead of the other one: write",
  );
  printLine(
    "sufficient, insufficient or tie under verdict. docs/trust.md leads to the rubric that the judge went by.",
  );
  printLine("It holds text of requests and answers: keep it where the workspace may be kept.");
  printLine(`Wrote ${path}. Then: signalbox label calibrate --workspace ${workspace} --human ${path}`);
}
