import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InputError } from "./errors.js";

/** Make a folder that the user named, with the folders above it. One that is there stays as it is.
 * Node's own recursive mkdir never returns where the system refuses new folders with ENOENT, as below /proc.
 * @throws {InputError} if it can't be made, or a file is in the way */
export function makeFolder(path: string): void {
  try {
    makeMissing(resolve(path));
  } catch (cause) {
    throw new InputError(
      `${path}: this folder can't be made (${(cause as Error).message}); name another one`,
      {
        cause,
      },
    );
  }
}

function makeMissing(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats) throw new Error(`${folder} is a file`);
  makeMissing(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
