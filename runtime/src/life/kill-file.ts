import { access } from "node:fs/promises";
import type { Schedule } from "./schedule.js";

/** Whether a file that switches the router off is there, as of the last check. */
export interface KillFile {
  isThere(): boolean;
  /** Look now. Never rejects. */
  check(): Promise<void>;
  close(): void;
}

const checkEveryMs = 1_000;

/** Look for a file in the background, so that no decision waits for a disk. What a path that can't be looked at holds is unknown: the
 * last answer stands.
 * @param paths any of them switches the router off */
export async function watchKillFiles(paths: readonly string[], schedule: Schedule): Promise<KillFile> {
  let found: boolean[] = paths.map(() => false);
  const check = async () => {
    found = await Promise.all(paths.map((path, i) => exists(path, found[i]!)));
  };
  await check();
  const close = paths.length === 0 ? () => {} : schedule(check, checkEveryMs);
  return { isThere: () => found.includes(true), check, close };
}

async function exists(path: string, before: boolean): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? false : before;
  }
}
