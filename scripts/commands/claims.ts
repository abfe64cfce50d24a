import type { CommandModule } from "yargs";
import { claimsCheckCommand } from "./claims/check.js";
import { claimsKindsCommand } from "./claims/kinds.js";
import { defineCommand } from "./command.js";

/** Verbs of `signalbox claims`. */
export const claimsCommands = [
  claimsCheckCommand,
  claimsKindsCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox claims`: recompute what others say about costs and savings. */
export const claimsCommand = defineCommand({
  command: "claims",
  describe: "Recompute claims about costs and say what doesn't add up",
  builder: (yargs) =>
    yargs
      .command(claimsCommands as CommandModule[])
      .demandCommand(1, "Name a verb of claims; signalbox claims --help lists them.")
      .example(
        "$0 claims check examples/claims/mechanisms.json",
        "Do these figures follow from their inputs?",
      ),
  handler: async () => {},
});
