import { StorageError } from "../errors.js";

/** What the engine said about a file, in one line: the rest of its message quotes our statement. */
export function engineMessage(error: unknown): string {
  if (error instanceof StorageError) return error.detail;
  return String((error as Error).message).split("\n")[0]!;
}
