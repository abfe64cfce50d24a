import type { ArgumentsCamelCase, Argv, CommandModule } from "yargs";

/** One verb of the CLI. A verb parses, calls one pipeline function and prints; it computes nothing itself. */
export type Command<Options> = CommandModule<object, Options>;

/** Declare a verb with its option types inferred from its builder. */
export function defineCommand<Options>(command: {
  /** Name and positionals; of several, "$0" marks the verb of a group that is meant when none is named. */
  command: string | readonly string[];
  describe: string;
  builder: (yargs: Argv) => Argv<Options>;
  handler: (options: ArgumentsCamelCase<Options>) => Promise<void>;
}): Command<Options> {
  // An empty group fixes the place of the verb's own options: before those that every verb has.
  const builder = (yargs: Argv) => command.builder(yargs).group([], "Options:");
  return { ...command, builder } as Command<Options>;
}
