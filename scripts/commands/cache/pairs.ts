import type { CommandModule } from "yargs";
import { defineCommand } from "../command.js";
import { cachePairsImportCommand } from "./pairs/import.js";
import { cachePairsJudgeCommand } from "./pairs/judge.js";
import { cachePairsPlanCommand } from "./pairs/plan.js";

/** Verbs of `signalbox cache pairs`, in the order of the journey. */
export const cachePairsCommands = [
  cachePairsPlanCommand,
  cachePairsJudgeCommand,
  cachePairsImportCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox cache pairs`: learn which cached answers serve which requests. */
export const cachePairsCommand = defineCommand({
  command: "pairs",
  describe: "Learn from a sample which cached answers would have served",
  builder: (yargs) =>
    yargs
      .command(cachePairsCommands as CommandModule[])
      .demandCommand(1, "Name a verb of cache pairs; signalbox cache pairs --help lists them.")
      .example(
        "$0 cache pairs plan --workspace ws --judge-model gpt-4.1",
        "What would 1,000 labels cost and buy?",
      ),
  handler: async () => {},
});
