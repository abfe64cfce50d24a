import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { requestLog } from "../../datasets/request-log.js";
import { tableFolder, type Workspace } from "../../datasets/workspace.js";

/** FROM-clause item with the requests of a workspace.
 * @param without stored names of files that are being replaced: their rows don't count
 * @returns null when there are none */
export function storedRows(workspace: Workspace, without: ReadonlySet<string>): string | null {
  const folder = tableFolder(workspace, requestLog);
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".parquet") && !without.has(basename(path, ".parquet")))
    .map((path) => `'${join(folder, path).replaceAll("'", "''")}'`);
  return files.length === 0
    ? null
    : `read_parquet([${files.sort().join(", ")}], union_by_name = true, hive_partitioning = false)`;
}
