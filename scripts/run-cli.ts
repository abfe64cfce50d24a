import { ArtifactError } from "@signalbox/runtime";
import { SignalboxError } from "../datasets/errors.js";
import { createCli } from "./create-cli.js";
import { endPublishing } from "./progress/publish-progress.js";

/** How a run of the command line ended, as its exit code says it. */
export const ExitCode = {
  done: 0,
  /** Something that the user can put right; the line on stderr says what, where and how. */
  user: 1,
  /** A fault of Signalbox. */
  bug: 2,
  /** Stopped by Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** Run a verb and say on stderr, in one line, why it failed; the stack only with `--debug`.
 * @param argv words behind the program's name
 * @returns the exit code; it never ends the process */
export async function runCli(argv: string[]): Promise<number> {
  const cli = createCli(argv, Math.min(110, process.stdout.columns ?? 110));
  try {
    await cli.parseAsync();
    return ExitCode.done;
  } catch (error) {
    const isUsers =
      [SignalboxError, ArtifactError].some((kind) => error instanceof kind) ||
      isParserError(error) ||
      isSystemError(error);
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
    process.stderr.write(`signalbox: ${isUsers ? "" : "internal error: "}${message}\n`);
    if (argv.includes("--debug") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return isUsers ? ExitCode.user : ExitCode.bug;
  } finally {
    endPublishing();
  }
}

/** What the operating system refuses (no permission, no space, a folder for a file) is about the machine, and names the path. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** What yargs throws of its own accord is about the command line. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === "YError";
}
