import type { CommandModule } from "yargs";
import { cacheCalibrateCommand } from "./cache/calibrate.js";
import { cachePairsCommand } from "./cache/pairs.js";
import { cacheReplayCommand } from "./cache/replay.js";
import { defineCommand } from "./command.js";

/** Verbs of `signalbox cache`, in the order of the journey. */
export const cacheCommands = [
  cacheReplayCommand,
  cachePairsCommand,
  cacheCalibrateCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox cache`: what a semantic cache would serve, save and get wrong. */
export const cacheCommand = defineCommand({
  command: "cache",
  describe: "What a semantic cache would save, and where it would be wrong",
  builder: (yargs) =>
    yargs
      .command(cacheCommands as CommandModule[])
      .demandCommand(1, "Name a verb of cache; signalbox cache --help lists them.")
      .example("$0 cache replay --workspace ws", "What would be served and saved?")
      .example(
        "$0 cache pairs plan --workspace ws --judge-model gpt-4.1",
        "What would labels cost, and what would they prove?",
      )
      .example("$0 cache calibrate --stream faq.jsonl", "From which score on may an answer be served?"),
  handler: async () => {},
});
