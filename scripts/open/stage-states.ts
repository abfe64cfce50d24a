import { statSync } from "node:fs";
import { join } from "node:path";
import { isLocked } from "../../datasets/lock-file.js";
import type { ProgressEvent } from "../../datasets/progress.js";
import { resultPath, type Workspace } from "../../datasets/workspace.js";
import { type PublishedProgress, readProgress } from "../progress/published-progress.js";

/** How far one stage of a workspace is. */
export interface StageState {
  stage: string;
  state: "complete" | "running" | "stopped" | "missing";
  /** When it was completed, or last wrote something while it runs; ISO 8601, null when missing. */
  at: string | null;
  /** Command that runs it. */
  command: string;
  /** How far it is, when it says so; of a stopped stage, how far it was. */
  progress: StageProgress | null;
}

/** How far a stage is. */
export interface StageProgress extends ProgressEvent {
  started_at: string;
  /** Units a second since the label began; null before the first. */
  rate: number | null;
  /** Seconds until this label is done, at that rate; null while unknown. */
  left_s: number | null;
}

/** How far the stages of a workspace are, in the order of the journey. A stage runs while a living process holds its lock, or its
 * journal was written in the last minute, or its process publishes progress; it was stopped when that process is gone; it is complete once its manifest or, where it writes none, its result is there.
 * @param now milliseconds since 1970 */
export function stageStates(workspace: Workspace, now: number): StageState[] {
  return stages.map(({ stage, command, marker, lock, journal }) => {
    const at = (name: string | undefined) =>
      name === undefined ? null : writtenAt(join(workspace.path, name));
    const journalAt = at(journal);
    const published = readProgress(workspace, stage);
    const isRunning =
      published?.isRunning === true ||
      (lock !== undefined && isLocked(join(workspace.path, lock))) ||
      (journalAt !== null && now - journalAt < freshMs && journalAt > (at(marker) ?? 0));
    const done = at(marker);
    const publishedAt = published === null ? null : Date.parse(published.updated_at);
    const isStopped = !isRunning && publishedAt !== null && publishedAt > (done ?? 0);
    const state = isRunning ? "running" : isStopped ? "stopped" : done === null ? "missing" : "complete";
    const time = isRunning || isStopped ? (publishedAt ?? journalAt ?? at(lock) ?? done) : done;
    const progress = published && (isRunning || isStopped) ? progressOf(published, now) : null;
    return { stage, state, at: time === null ? null : new Date(time).toISOString(), command, progress };
  });
}

function progressOf(published: PublishedProgress, now: number): StageProgress {
  const { label, done, total, unit, started_at, label_started_at, updated_at } = published;
  const seconds = (Date.parse(updated_at) - Date.parse(label_started_at)) / 1_000;
  const rate = seconds > 0 && done > 0 ? done / seconds : null;
  const sinceUpdate = Math.max(0, now - Date.parse(updated_at)) / 1_000;
  const left = rate === null || total === null ? null : Math.max(0, (total - done) / rate - sinceUpdate);
  return { label, done, total, unit, started_at, rate, left_s: left };
}

/** What changes whenever a document that the report is made of does. */
export function resultsFingerprint(workspace: Workspace): string {
  const files = [
    ...stages.map(({ marker }) => join(workspace.path, marker)),
    ...results.map((name) => resultPath(workspace, name)),
  ];
  return files
    .map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats ? `${stats.mtimeMs}:${stats.size}:${stats.ino}` : "-";
    })
    .join(" ");
}

const freshMs = 60_000;

interface StageFiles {
  stage: string;
  command: string;
  /** File in the workspace that is written last. */
  marker: string;
  lock?: string;
  journal?: string;
}

const stages: readonly StageFiles[] = [
  { stage: "ingest", command: "signalbox ingest FILES", marker: "ingest.manifest.json", lock: "ingest.lock" },
  { stage: "audit", command: "signalbox audit", marker: "results/audit.json" },
  { stage: "outcomes", command: "signalbox outcomes import FILE", marker: "outcomes.manifest.json" },
  {
    stage: "label",
    command: "signalbox label run",
    marker: "label.manifest.json",
    lock: "label.lock",
    journal: "label/journal.jsonl",
  },
  { stage: "train", command: "signalbox train", marker: "train.manifest.json" },
  { stage: "export", command: "signalbox export", marker: "export.manifest.json" },
  { stage: "simulate", command: "signalbox simulate", marker: "results/simulate.json" },
  { stage: "cache replay", command: "signalbox cache replay", marker: "results/cache_replay.json" },
  {
    stage: "cache calibrate",
    command: "signalbox cache calibrate",
    marker: "results/cache_calibration.json",
  },
  { stage: "shadow", command: "signalbox shadow analyze", marker: "results/shadow.json" },
];

const results = ["ingest", "label", "model"];

function writtenAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
