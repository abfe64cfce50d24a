import { join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import type { Workspace } from "../../datasets/workspace.js";
import { storedParquet } from "./commit-file.js";
import type { FileMarker } from "./file-marker.js";

/** Stored names of the committed files that hold fewer rows than were read, or more: someone deleted or exchanged Parquet files.
 * Only footers are read.
 * @throws {StorageError} for a Parquet file without a readable footer */
export async function incompleteFiles(
  workspace: Workspace,
  engine: Engine,
  markers: ReadonlyMap<string, FileMarker>,
): Promise<string[]> {
  const stored = new Map<string, number>();
  const paths = storedParquet(workspace).map(
    (path) => `'${join(workspace.path, path).replaceAll("'", "''")}'`,
  );
  if (paths.length > 0) {
    const counts = await engine.rows<{ name: string; n: number }>(
      `SELECT parse_filename(file_name, true) AS name, CAST(sum(num_rows) AS BIGINT) AS n
       FROM parquet_file_metadata([${paths.join(", ")}]) GROUP BY name`,
    );
    for (const { name, n } of counts) stored.set(name, n);
  }
  return [...markers].filter(([name, { read }]) => (stored.get(name) ?? 0) !== read).map(([name]) => name);
}
