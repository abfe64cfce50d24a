import { openWorkspace, resultPath } from "../../../../datasets/workspace.js";
import { importPairs } from "../../../../pipelines/cache/pairs/import-pairs.js";
import { printJson } from "../../../terminal.js";
import { defineCommand } from "../../command.js";
import { sharedOptions } from "../../shared-options.js";
import { printPairs } from "./print-pairs.js";

/** `signalbox cache pairs import`: take verdicts from elsewhere. */
export const cachePairsImportCommand = defineCommand({
  command: "import <file>",
  describe: "Take humans' or known right verdicts, and hold the judge against them",
  builder: (yargs) =>
    yargs
      .positional("file", {
        type: "string",
        demandOption: true,
        describe: "JSONL or CSV of request_id, entry_id, verdict or is_same, and rater",
      })
      .option("workspace", sharedOptions.workspace)
      .option("json", sharedOptions.json)
      .example(
        "$0 cache pairs import verdicts.csv --workspace ws",
        "How often does the judge accept what humans don't?",
      ),
  handler: async (argv) => {
    const workspace = openWorkspace(argv.workspace);
    const result = await importPairs(workspace, argv.file);
    if (argv.json) printJson(result);
    else printPairs(result, resultPath(workspace, "cache_pairs"));
  },
});
