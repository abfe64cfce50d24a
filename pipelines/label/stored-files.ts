import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Table } from "../../datasets/table.js";
import { type StageManifest, tableFolder, type Workspace } from "../../datasets/workspace.js";

/** The Parquet files of a stored table, as a manifest names what a stage read. */
export function storedFiles(workspace: Workspace, table: Table): StageManifest["inputs"] {
  const folder = tableFolder(workspace, table);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return {
        path: join(table.name, name),
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: bytes.length,
      };
    });
}
