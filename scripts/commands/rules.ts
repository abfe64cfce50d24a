import type { CommandModule } from "yargs";
import { defineCommand } from "./command.js";
import { rulesCheckCommand } from "./rules/check.js";

/** Verbs of `signalbox rules`. */
export const rulesCommands = [rulesCheckCommand] as unknown as ReadonlyArray<CommandModule>;

/** `signalbox rules`: an operator's rules, before they are put to work. */
export const rulesCommand = defineCommand({
  command: "rules",
  describe: "Try an operator's rules on logged requests",
  builder: (yargs) =>
    yargs
      .command(rulesCommands as CommandModule[])
      .demandCommand(1, "Name a verb of rules; signalbox rules --help lists them.")
      .example("$0 rules check --rules rules.json --workspace ws", "Which requests does each rule claim?"),
  handler: async () => {},
});
