import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { quarantine } from "../../datasets/quarantine.js";
import type { Workspace } from "../../datasets/workspace.js";
import { countReasons, countRecords } from "./count-reasons.js";
import { type Commit, commitFile, commitName, type FileMarker } from "./file-marker.js";
import { checkCounts } from "./ingest-result.js";
import { applyChanges, type Changes } from "./redo-journal.js";
import { rewriteStored } from "./rewrite-stored.js";
import { type ReplacedFile, rememberStaged, settleDuplicates } from "./settle-duplicates.js";
import { sqlText } from "./sql-text.js";
import type { Staging } from "./staging.js";
import { storedRequests } from "./stored-rows.js";
import { writeRequests } from "./write-requests.js";

/** Called after every step of a commit, for progress and for tests that crash there. */
type CommitStep = (step: "staged" | "journalled" | "moved" | "committed") => void;

/** A file of the batch: its marker as far as reading knows it. */
export type ReadFile = Omit<FileMarker, "accepted" | "quarantined" | "duplicates" | "skipped" | "reasons">;

/** Make the rows in hand part of the workspace, all files of the batch in one go: duplicates are settled, Parquet is written aside,
 * and what that changes (in earlier commits too) happens as a whole or not at all, wherever the process dies.
 * @param batch the files whose rows are staged
 * @param commits all commits; brought up to date
 * @param replaced files of earlier commits that this run reads anew */
export async function commitBatch(
  { workspace, staging, commits }: { workspace: Workspace; staging: Staging; commits: Map<string, Commit> },
  batch: readonly ReadFile[],
  replaced: readonly ReplacedFile[],
  onStep: CommitStep = () => {},
): Promise<void> {
  const { engine } = staging;
  const name = commitName(batch);
  const below = join("tmp", `ingest-${name}`);
  const aside = join(workspace.path, below);
  await staging.flush();
  const lost = await settleDuplicates(staging, storedRequests(workspace), replaced);
  const commit = { name, markers: await markersOf(engine, batch) };

  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const { changes, after } = await rewriteStored({
    workspace,
    engine,
    commits,
    name,
    aside,
    lost,
    replaced,
  });
  changes.moves.push(...(await writeRequests(workspace, engine, { name, aside, lost })));
  changes.moves.push(...(await writeQuarantine(engine, { name, aside, below })));
  changes.texts.push(commitFile(commit));
  onStep("staged");

  applyChanges(workspace, changes, onStep);
  for (const [changed, left] of after) {
    if (left) commits.set(changed, left);
    else commits.delete(changed);
  }
  commits.set(name, commit);
  rmSync(aside, { recursive: true, force: true });
  await rememberStaged(engine);
  await staging.clear();
}

/** @throws {Error} if records are unaccounted for: a bug, never the data */
async function markersOf(engine: Engine, batch: readonly ReadFile[]): Promise<FileMarker[]> {
  const reasons = await countReasons(engine, "rejected");
  const rows = await engine.rows<{ source_file: string; n: number }>(
    "SELECT source_file, count(*) AS n FROM staged GROUP BY source_file",
  );
  const losers = await engine.rows<{ source_file: string; n: number }>(
    "SELECT source_file, count(*) AS n FROM rejected WHERE disposition = 'duplicate' OR reason = 'id_reused' GROUP BY source_file",
  );
  const read = new Map(rows.map(({ source_file: path, n }) => [path, n]));
  const lost = new Map(losers.map(({ source_file: path, n }) => [path, n]));
  return batch.map((file) => {
    const ofFile = reasons.get(file.path) ?? [];
    const accepted = (read.get(file.path) ?? 0) - (lost.get(file.path) ?? 0);
    const marker = { ...file, ...countRecords(file.read, ofFile), accepted, reasons: ofFile };
    checkCounts(file.path, marker);
    return marker;
  });
}

async function writeQuarantine(
  engine: Engine,
  { name, aside, below }: { name: string; aside: string; below: string },
): Promise<Changes["moves"]> {
  const [rejected] = await engine.rows<{ n: number; bytes: number | null }>(
    "SELECT count(*) AS n, avg(strlen(coalesce(raw, ''))) AS bytes FROM rejected",
  );
  if (rejected!.n === 0) return [];
  const groupRows = 2048 * Math.max(1, Math.min(60, Math.floor(16_000 / Math.max(1, rejected!.bytes ?? 1))));
  const path = join(quarantine.name, `${name}.parquet`);
  mkdirSync(join(aside, quarantine.name), { recursive: true });
  await engine.run(
    `COPY rejected TO ${sqlText(join(aside, path))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows})`,
  );
  return [{ from: join(below, path), to: path }];
}
