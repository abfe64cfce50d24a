import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashFile } from "./reader/hash-file.js";
import type { Table } from "./table.js";
import { type StageManifest, tableFolder, type Workspace } from "./workspace.js";

/** The Parquet files of a stored table with their hashes: inputs in the manifest of a stage that reads it. */
export async function storedFiles(workspace: Workspace, table: Table): Promise<StageManifest["inputs"]> {
  const folder = tableFolder(workspace, table);
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path: join(table.name, name), sha256: await hashFile(path), bytes: statSync(path).size };
    }),
  );
}
