import { openWorkspace } from "../../../datasets/workspace.js";
import { cancelBatches } from "../../../pipelines/label/cancel-batches.js";
import { printJson, printLine, stderrProgress } from "../../terminal.js";
import { defineCommand } from "../command.js";
import { sharedOptions } from "../shared-options.js";
import { callOptions, checkLabelNumbers, sampleOptions } from "./label-options.js";

/** `signalbox label cancel`: stop what is under way at the providers. */
export const labelCancelCommand = defineCommand({
  command: "cancel",
  describe: "Stop the open batches and keep what they finished",
  builder: (yargs) =>
    checkLabelNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("poll-seconds", callOptions["poll-seconds"])
        .option("assume-usd-per-mtok", sampleOptions["assume-usd-per-mtok"])
        .option("json", sharedOptions.json),
    ).example("$0 label cancel --workspace ws", "Where they were sent is in the journal"),
  handler: async (argv) => {
    const { progress, end } = stderrProgress();
    const stopped = await cancelBatches(openWorkspace(argv.workspace), {
      pollMs: argv.pollSeconds * 1_000,
      assumeUsdPerMTok: argv.assumeUsdPerMtok ?? null,
      progress,
    }).finally(end);
    if (argv.json) return printJson(stopped);
    const { batches, lost, kept, given_up } = stopped;
    if (batches + lost === 0) return printLine("No batch is open.");
    printLine(`Batches stopped: ${batches}; replies kept: ${kept}; calls given up: ${given_up}.`);
    if (lost > 0) printLine(`Batches that had never reached a provider: ${lost}.`);
    printLine("label run goes on from here.");
  },
});
