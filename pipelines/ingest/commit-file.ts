import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { quarantine } from "../../datasets/quarantine.js";
import { requestLog } from "../../datasets/request-log.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";
import { type FileMarker, storedName, writeMarker } from "./file-marker.js";

/** Called after every step of a commit, for progress and for tests that crash there. */
type CommitStep = (step: "staged" | "moved" | "committed") => void;

/** Make one file's rows part of the workspace: Parquet written aside, moved into place, committed by the marker.
 *
 * Killed at any point it leaves either a committed file or debris that {@link removeDebris} knows by the missing marker. A file
 * that had been committed before keeps a marker throughout, so that its old rows are never taken for debris.
 * @param old the file's marker when it is being replaced */
export async function commitFile(
  workspace: Workspace,
  engine: Engine,
  marker: FileMarker,
  old: FileMarker | undefined,
  onStep: CommitStep = () => {},
): Promise<void> {
  const name = storedName(marker.sha256);
  const aside = join(workspace.path, "tmp", `${asidePrefix}${name}`);
  rmSync(aside, { recursive: true, force: true });
  const written = await writeParquet(engine, aside, name);
  onStep("staged");
  if (old) writeMarker(workspace, { ...old, state: "replacing" });
  for (const path of written) {
    const target = join(workspace.path, path);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(aside, path), target);
    onStep("moved");
  }
  if (old) removeLeftovers(workspace, name, new Set(written));
  writeMarker(workspace, marker);
  onStep("committed");
  rmSync(aside, { recursive: true, force: true });
}

/** Remove what a killed ingest left behind: Parquet files of no marker, and everything written aside. */
export function removeDebris(workspace: Workspace, committed: ReadonlySet<string>): void {
  for (const path of storedParquet(workspace)) {
    if (!committed.has(basename(path, ".parquet"))) rmSync(join(workspace.path, path));
  }
  const temporary = join(workspace.path, "tmp");
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    if (name.startsWith(asidePrefix)) rmSync(join(temporary, name), { recursive: true });
  }
}

/** Days in which the file had rows before and has none now. */
function removeLeftovers(workspace: Workspace, name: string, written: ReadonlySet<string>): void {
  for (const path of storedParquet(workspace)) {
    if (basename(path, ".parquet") === name && !written.has(path)) rmSync(join(workspace.path, path));
  }
}

const asidePrefix = "ingest-";

/** @returns paths below `folder`, as they will be below the workspace */
async function writeParquet(engine: Engine, folder: string, name: string): Promise<string[]> {
  const written: string[] = [];
  const [rowGroup] = await engine.rows<{ n: number }>(readSql("pipelines/ingest/row-group-rows.sql"));
  const write = async (query: string, path: string): Promise<void> => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    await engine.run(
      `COPY (${query}) TO '${target.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup!.n})`,
    );
    written.push(path);
  };
  const days = await engine.rows<{ day: string }>(
    "SELECT DISTINCT strftime(created_at, '%Y-%m-%d') AS day FROM staged ORDER BY day",
  );
  for (const { day } of days) {
    const query = `SELECT * FROM staged WHERE created_at >= DATE '${day}' AND created_at < DATE '${day}' + INTERVAL 1 DAY`;
    await write(query, join(requestLog.name, `day=${day}`, `${name}.parquet`));
  }
  const [rejected] = await engine.rows<{ n: number }>("SELECT count(*) AS n FROM rejected");
  if (rejected!.n > 0) await write("SELECT * FROM rejected", join(quarantine.name, `${name}.parquet`));
  return written;
}

/** Parquet files that ingest wrote, relative to the workspace; other stages' files in these folders have longer names. */
export function storedParquet(workspace: Workspace): string[] {
  return [requestLog, quarantine].flatMap((table) => {
    const folder = tableFolder(workspace, table);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder, { recursive: true }).map(String);
    return names
      .filter((path) => /^[0-9a-f]{12}\.parquet$/.test(basename(path)))
      .map((path) => join(table.name, path));
  });
}
