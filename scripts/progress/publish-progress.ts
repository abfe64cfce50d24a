import { existsSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../datasets/make-folder.js";
import type { Progress, ProgressEvent } from "../../datasets/progress.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";
import { type PublishedProgress, progressPath } from "./published-progress.js";

/** Publish in the workspace how far a stage is, for whoever watches it in another process: at once, then at most twice a second. A workspace that can't take
 * the file changes nothing for the stage.
 * @param stage as `signalbox open` lists it, such as "cache replay"
 * @returns the receiver, and `end`, which takes the file away */
export function publishProgress(
  workspace: Workspace,
  stage: string,
): { progress: Progress; end: () => void } {
  const path = progressPath(workspace, stage);
  const started = Date.now();
  let labelStarted = started;
  let last = { label: "starting", done: 0, total: null, unit: "" } as ProgressEvent;
  let written = 0;
  const write = (now: number): void => {
    written = now;
    const document: PublishedProgress = {
      stage,
      pid: process.pid,
      host: hostname(),
      started_at: new Date(started).toISOString(),
      label_started_at: new Date(labelStarted).toISOString(),
      updated_at: new Date(now).toISOString(),
      ...last,
    };
    try {
      makeFolder(join(workspace.path, "progress"));
      writeFileAtomic(path, JSON.stringify(document));
    } catch {
      // The stage itself will say so, where it matters.
    }
  };
  const end = (): void => {
    open.delete(end);
    if (existsSync(path)) rmSync(path, { force: true });
  };
  open.add(end);
  write(started);
  const progress = (event: ProgressEvent): void => {
    const now = Date.now();
    if (event.label !== last.label) labelStarted = now;
    const isTurn = event.label !== last.label || event.done === event.total;
    const isDue = isTurn || now - written >= leastPauseMs;
    last = event;
    if (isDue) write(now);
  };
  return { progress, end };
}

/** Take away what this process publishes: for a verb that failed or was stopped. */
export function endPublishing(): void {
  for (const end of [...open]) end();
}

const open = new Set<() => void>();

const leastPauseMs = 500;
