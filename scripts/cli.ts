#!/usr/bin/env node
import { hideBin } from "yargs/helpers";
import { endPublishing } from "./progress/publish-progress.js";
import { ExitCode, runCli } from "./run-cli.js";

process.stdout.on("error", endWithoutReader);
process.on("SIGINT", stop);
process.exitCode = await runCli(hideBin(process.argv));

/** A reader that has seen enough (`signalbox audit | head`) is no error; a full disk behind `>` is. */
function endWithoutReader({ code, message }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit(ExitCode.done);
  process.stderr.write(`signalbox: standard output can't be written (${message}); send it somewhere else\n`);
  process.exit(ExitCode.user);
}

/** Ctrl-C. Stages put their files in place whole and their manifest last, so that whatever was going on can simply be left; verbs that
 * serve listen themselves, and end in their own way. */
function stop(): void {
  if (process.listenerCount("SIGINT") > 1) return;
  endPublishing();
  const start = process.stderr.isTTY ? "\r\u001b[2K" : "";
  process.stderr.write(
    `${start}signalbox: stopped; what was complete is kept, and the same command again goes on or starts anew\n`,
  );
  process.exit(ExitCode.interrupted);
}
