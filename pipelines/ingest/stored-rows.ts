import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { quarantine } from "../../datasets/quarantine.js";
import { requestLog } from "../../datasets/request-log.js";
import type { Table } from "../../datasets/table.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";

/** Parquet files that ingest wrote, below the workspace, in name order; other stages' files in these folders have other names. */
export function storedParquet(
  workspace: Workspace,
  tables: readonly Table[] = [requestLog, quarantine],
): string[] {
  return tables.flatMap((table) => {
    const folder = tableFolder(workspace, table);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder, { recursive: true }).map(String);
    return names
      .filter((path) => /^[0-9a-f]{12}(-\d+)?\.parquet$/.test(basename(path)))
      .sort()
      .map((path) => join(table.name, path));
  });
}

/** Absolute paths of the stored requests. */
export function storedRequests(workspace: Workspace): string[] {
  return storedParquet(workspace, [requestLog]).map((path) => join(workspace.path, path));
}

/** Name of the commit that a stored Parquet file belongs to. */
export function commitOf(path: string): string {
  return basename(path).slice(0, 12);
}

/** Remove what a killed ingest left behind: Parquet files of no commit, and everything written aside. Redo the journal first. */
export function removeDebris(workspace: Workspace, committed: ReadonlySet<string>): void {
  for (const path of storedParquet(workspace)) {
    if (!committed.has(commitOf(path))) rmSync(join(workspace.path, path));
  }
  removeTemporary(workspace);
}

/** Remove everything that ingest wrote aside. */
export function removeTemporary(workspace: Workspace): void {
  const temporary = join(workspace.path, "tmp");
  for (const name of existsSync(temporary) ? readdirSync(temporary) : []) {
    if (name.startsWith("ingest-")) rmSync(join(temporary, name), { recursive: true, force: true });
  }
}
