import { existsSync } from "node:fs";
import { InputError } from "../../datasets/errors.js";

/** Refuse files and folders that aren't there before a verb makes anything, such as a workspace under a wrong name.
 * @param remedy what to name instead
 * @throws {InputError} naming the first that is missing */
export function requireFiles(paths: readonly string[], remedy: string): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: no such file or folder; ${remedy}`);
}
