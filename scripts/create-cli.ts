import yargs, { type Argv, type CommandModule } from "yargs";
import { SignalboxError } from "../datasets/errors.js";
import { toolkitVersion } from "../pipelines/ingest/toolkit-version.js";
import { checkOptions, type OptionTypes } from "./check-options.js";
import { commands } from "./commands/index.js";
import { overviewPlace, withOverview } from "./overview.js";

/** The command line of `signalbox`, every verb in it; parsing it runs a verb. It never ends the process.
 * @param argv words behind the program's name
 * @param columns widest line of the help
 * @throws {SignalboxError} while parsing, for what the words ask and no verb can do */
export function createCli(argv: readonly string[], columns: number): Argv {
  const cli = yargs([...argv])
    .scriptName("signalbox")
    .locale("en")
    .usage(
      "$0 <verb>; each explains itself: $0 <verb> --help\n\n" +
        `Find what your LLM traffic could have cost, train a router on it, and prove the saving.\n\n${overviewPlace}`,
    )
    .command(commands.map(withoutListing))
    .option("debug", { type: "boolean", describe: "Print the stack of an error", global: true })
    .group(["debug", "version", "help"], "General:")
    .demandCommand(1, "Name a verb; signalbox --help lists them.")
    .strict()
    .check((options, types) => checkOptions(options, types as unknown as OptionTypes), true)
    .recommendCommands()
    .wrap(columns)
    .version(toolkitVersion)
    .help()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new SignalboxError(readable(message, argv));
    });
  const [getHelp, showHelp] = [cli.getHelp.bind(cli), cli.showHelp.bind(cli)];
  return Object.assign(cli, {
    getHelp: async () => withOverview(await getHelp()),
    showHelp: () => showHelp((text: string) => process.stdout.write(`${withOverview(text).trimEnd()}\n`)),
  });
}

/** A verb that the parser doesn't list by itself, for the overview does; its own help begins as the parser would write it. */
function withoutListing(command: CommandModule): CommandModule {
  const { builder } = command;
  const usage = `$0 ${[command.command].flat()[0]}\n\n${command.describe}`;
  return {
    ...command,
    describe: false,
    builder: (yargs: Argv) => (builder as (yargs: Argv) => Argv)(yargs.usage(usage)),
  };
}

/** The parser's complaints in the words of the help. */
function readable(message: string, argv: readonly string[]): string {
  const [, name, given, choices] = /Argument: (\S+), Given: (.*?), Choices: (.*)/s.exec(message) ?? [];
  if (name !== undefined) return `${name} can't be ${given}; choose one of ${choices}`;
  const [, needed] = /^Not enough non-option arguments: got \d+, need at least (\d+)/.exec(message) ?? [];
  if (needed !== undefined) return "something to work on is missing: see the positionals of --help";
  const [, missing] = /^Missing required arguments?: (.*)/s.exec(message) ?? [];
  if (missing !== undefined) {
    const options = missing.split(", ").map((option) => `--${option}`);
    return `${options.join(" and ")} must be given (${argv.join(" ")}); --help lists the options`;
  }
  const [, meant] = /^Did you mean (.*)\?/.exec(message) ?? [];
  if (meant !== undefined) return `unknown verb: ${argv.join(" ")}; did you mean ${meant}?`;
  const [, unknown] = /^Unknown arguments?: (.*)/s.exec(message) ?? [];
  return unknown === undefined ? message : `unknown verb or option: ${unknown}; --help lists them`;
}
