import { watch } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { resolveFolder } from "../artifact/folder-source.js";
import type { Schedule } from "./schedule.js";

/** How a folder is watched. */
export interface WatchFolderOptions {
  /** Called when anything changed since the last call; the next one waits until it settles. */
  onChange: () => Promise<unknown>;
  /** Looks without being told by the file system: network folders and some containers report nothing. */
  schedule: Schedule;
  everyMs: number;
  /** Whether to ask the file system for news as well. */
  usesEvents: boolean;
}

/** Quiet time after the last event: a copy makes many. */
const settleMs = 100;

/** Remember how an artifact's folder, or a folder of artifacts with its latest.json, looks before it is loaded; the watch that is started
 * later finds what changed since. Only names, sizes and times are compared. Neither timers nor watchers keep the process alive.
 * @returns starts the watch, which returns what stops it */
export async function prepareWatch(folder: string): Promise<(options: WatchFolderOptions) => () => void> {
  const seen = await fingerprint(folder);
  return (options) => watchFolder(folder, seen, options);
}

function watchFolder(folder: string, before: string, options: WatchFolderOptions): () => void {
  let seen = before;
  let running: Promise<void> = Promise.resolve();
  const look = () => {
    running = running.then(async () => {
      const found = await fingerprint(folder);
      if (found === seen) return;
      seen = found;
      await options.onChange();
    });
    return running;
  };
  void look();
  const stopPolling = options.schedule(look, options.everyMs);
  const stopEvents = options.usesEvents ? listen(folder, look) : () => {};
  return () => {
    stopPolling();
    stopEvents();
  };
}

/** What can be told of a folder without reading its files: where its latest.json leads, and each file's size, time and number. */
async function fingerprint(given: string): Promise<string> {
  const pointer = await readFile(join(given, "latest.json"), "utf8").catch(() => "");
  const folder = await resolveFolder(given).catch(() => given);
  const names = await readdir(folder).catch(() => []);
  const facts = names.sort().map(async (name) => {
    const { size, mtimeMs, ino } = await stat(join(folder, name)).catch(() => ({
      size: -1,
      mtimeMs: 0,
      ino: 0,
    }));
    return [name, size, mtimeMs, ino];
  });
  return JSON.stringify([pointer, folder, await Promise.all(facts)]);
}

/** Without a watcher (no such folder, no watches left) polling alone finds changes. */
function listen(folder: string, look: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(folder, { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(look, settleMs).unref();
    });
    watcher.on("error", () => watcher.close());
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    return () => {};
  }
}
