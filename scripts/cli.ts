#!/usr/bin/env node
import { hideBin } from "yargs/helpers";
import { ExitCode, runCli } from "./run-cli.js";

process.stdout.on("error", leaveQuietly);
process.exitCode = await runCli(hideBin(process.argv));

/** A reader that has seen enough (`signalbox audit | head`) is no error. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(ExitCode.done);
}
