import { join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import type { Workspace } from "../../datasets/workspace.js";
import type { Commit } from "./file-marker.js";
import { sqlList } from "./sql-text.js";
import { commitOf, storedParquet } from "./stored-rows.js";

/** Names of the commits that hold fewer rows than were read, or more: someone deleted or exchanged Parquet files.
 * Only footers are read.
 * @throws {StorageError} for a Parquet file without a readable footer */
export async function incompleteCommits(
  workspace: Workspace,
  engine: Engine,
  commits: ReadonlyMap<string, Commit>,
): Promise<string[]> {
  const stored = new Map<string, number>();
  const paths = storedParquet(workspace).map((path) => join(workspace.path, path));
  if (paths.length > 0) {
    const counts = await engine.rows<{ path: string; n: number }>(
      `SELECT file_name AS path, CAST(num_rows AS BIGINT) AS n FROM parquet_file_metadata(${sqlList(paths)})`,
    );
    for (const { path, n } of counts) stored.set(commitOf(path), (stored.get(commitOf(path)) ?? 0) + n);
  }
  return [...commits.values()]
    .filter(
      ({ name, markers }) => (stored.get(name) ?? 0) !== markers.reduce((sum, { read }) => sum + read, 0),
    )
    .map(({ name }) => name);
}
