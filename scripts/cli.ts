#!/usr/bin/env node
import { ArtifactError } from "@signalbox/runtime";
import { hideBin } from "yargs/helpers";
import { SignalboxError } from "../datasets/errors.js";
import { createCli } from "./create-cli.js";

const exitDone = 0;
const exitUser = 1;
const exitBug = 2;

process.stdout.on("error", leaveQuietly);
process.exitCode = await main(hideBin(process.argv));

async function main(argv: string[]): Promise<number> {
  const cli = createCli(argv, Math.min(110, process.stdout.columns ?? 110));
  try {
    await cli.parseAsync();
    return exitDone;
  } catch (error) {
    const isUsers =
      [SignalboxError, ArtifactError].some((kind) => error instanceof kind) ||
      isParserError(error) ||
      isSystemError(error);
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
    process.stderr.write(`signalbox: ${isUsers ? "" : "internal error: "}${message}\n`);
    if (argv.includes("--debug") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return isUsers ? exitUser : exitBug;
  }
}

/** A reader that has seen enough (`signalbox audit | head`) is no error. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitDone);
}

/** What the operating system refuses (no permission, no space, a folder for a file) is about the machine, and names the path. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** What yargs throws of its own accord is about the command line. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === "YError";
}
