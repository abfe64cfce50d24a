import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { policySetCommand } from "./policy/set.js";
import { policyShowCommand } from "./policy/show.js";

/** Verbs of `signalbox policy`. */
export const policyCommands = [
  policyShowCommand,
  policySetCommand,
] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox policy`: the settings of an exported router. */
export const policyCommand = defineCommand({
  command: "policy",
  describe: "Show and change the settings of an exported router",
  builder: (yargs) =>
    yargs
      .command(policyCommands as CommandModule[])
      .demandCommand(1, "Name a verb of policy; signalbox policy --help lists them.")
      .example("$0 policy show --artifact ws/artifact", "What is in force?")
      .example("$0 policy set --artifact ws/artifact --retention 0.99", "Promise more"),
  handler: async () => {},
});
