import type { CommandModule } from "yargs";
import { cacheReplayCommand } from "./cache/replay.js";
import { defineCommand } from "./command.js";

/** Verbs of `signalbox cache`, in the order of the journey. */
export const cacheCommands = [cacheReplayCommand] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox cache`: what a semantic cache would serve, save and get wrong. */
export const cacheCommand = defineCommand({
  command: "cache",
  describe: "Replay the traffic through a semantic cache",
  builder: (yargs) =>
    yargs
      .command(cacheCommands as CommandModule[])
      .demandCommand(1, "name what to do: signalbox cache replay; --help lists the verbs"),
  handler: async () => {},
});
