import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ProgressEvent } from "../../datasets/progress.js";
import type { Workspace } from "../../datasets/workspace.js";

/** How far a running stage is, as it stands in a workspace's progress/ folder. Times are ISO 8601. */
export interface PublishedProgress extends ProgressEvent {
  stage: string;
  pid: number;
  host: string;
  started_at: string;
  /** When what the label says began; `done` counts from there. */
  label_started_at: string;
  updated_at: string;
}

/** File in which a stage publishes. */
export function progressPath(workspace: Workspace, stage: string): string {
  return join(workspace.path, "progress", `${stage.replaceAll(" ", "-")}.json`);
}

/** What a stage published last, and whether its process still runs; null when it published nothing, or something that isn't progress. */
export function readProgress(
  workspace: Workspace,
  stage: string,
): (PublishedProgress & { isRunning: boolean }) | null {
  try {
    const found = JSON.parse(readFileSync(progressPath(workspace, stage), "utf8")) as PublishedProgress;
    if (!Number.isFinite(found.done) || !Number.isInteger(found.pid) || found.pid <= 0) return null;
    return { ...found, isRunning: found.host !== hostname() || isAlive(found.pid) };
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
