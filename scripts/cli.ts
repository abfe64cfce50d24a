#!/usr/bin/env node
import { ArtifactError } from "@signalbox/runtime";
import yargs, { type CommandModule } from "yargs";
import { hideBin } from "yargs/helpers";
import { SignalboxError } from "../datasets/errors.js";
import { toolkitVersion } from "../pipelines/ingest/toolkit-version.js";
import { commands } from "./commands/index.js";

const exitDone = 0;
const exitUser = 1;
const exitBug = 2;

process.exitCode = await main(hideBin(process.argv));

async function main(argv: string[]): Promise<number> {
  const cli = yargs(argv)
    .scriptName("signalbox")
    .usage(
      "$0 <verb>\n\nFind what your LLM traffic could have cost, train a router on it, and prove the saving.",
    )
    .command(commands as unknown as CommandModule[])
    .option("debug", { type: "boolean", describe: "Print the stack of an error", global: true })
    .demandCommand(1, "Name a verb; signalbox --help lists them.")
    .strict()
    .recommendCommands()
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .version(toolkitVersion)
    .help()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new SignalboxError(message);
    });
  try {
    await cli.parseAsync();
    return exitDone;
  } catch (error) {
    const isUsers =
      [SignalboxError, ArtifactError].some((kind) => error instanceof kind) || isParserError(error);
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`signalbox: ${isUsers ? "" : "internal error: "}${message}\n`);
    if (argv.includes("--debug") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return isUsers ? exitUser : exitBug;
  }
}

/** What yargs throws of its own accord is about the command line. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === "YError";
}
