import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { outcomeItems, outcomes } from "../../datasets/outcomes.js";
import type { ContentMode } from "../../datasets/privacy/content-mode.js";
import { quarantine } from "../../datasets/quarantine.js";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { tableFolder, type Workspace, writeFileAtomic } from "../../datasets/workspace.js";

/** imports/<hash12>.json: written last, it commits an imported file. read = items + quarantined + duplicates. */
export interface ImportMarker {
  schema_version: 1;
  /** Absolute path: importing a path again replaces what it gave before. */
  path: string;
  sha256: string;
  bytes: number;
  content: ContentMode;
  toolkit: string;
  read: number;
  items: number;
  quarantined: number;
  duplicates: number;
  outcomes: number;
}

/** Tables that an import writes, with the prefix that keeps its files apart from rows that other stages store there. */
export const importedTables = [
  { table: outcomes, prefix: "imported" },
  { table: outcomeItems, prefix: "imported" },
  { table: quarantine, prefix: "outcomes" },
] as const;

/** Paths of an imported file's rows: outcomes, outcome items, quarantine. */
export function importedParquet(workspace: Workspace, sha256: string): string[] {
  return importedTables.map(({ table, prefix }) =>
    join(tableFolder(workspace, table), `${prefix}-${sha256.slice(0, 12)}.parquet`),
  );
}

/** All import markers of a workspace, in the order of their names. */
export function readImports(workspace: Workspace): ImportMarker[] {
  const folder = markerFolder(workspace);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  return names
    .sort()
    .map((name) =>
      readJsonFile<ImportMarker>(join(folder, name), "delete it, and import its outcomes again"),
    );
}

/** Commit an import. */
export function writeImport(workspace: Workspace, marker: ImportMarker): void {
  mkdirSync(markerFolder(workspace), { recursive: true });
  writeFileAtomic(markerPath(workspace, marker.sha256), `${JSON.stringify(marker, null, 2)}\n`);
}

/** Take an import out of the workspace: the marker first, so that a crash leaves debris and no half import. */
export function removeImport(workspace: Workspace, { sha256 }: ImportMarker): void {
  rmSync(markerPath(workspace, sha256), { force: true });
  for (const path of importedParquet(workspace, sha256)) rmSync(path, { force: true });
}

/** Remove the Parquet files of imports that were killed before their marker. */
export function removeImportDebris(workspace: Workspace, imports: readonly ImportMarker[]): void {
  const committed = new Set(imports.flatMap(({ sha256 }) => importedParquet(workspace, sha256)));
  for (const { table, prefix } of importedTables) {
    const folder = tableFolder(workspace, table);
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const path = join(folder, name);
      if (name.startsWith(`${prefix}-`) && !committed.has(path)) rmSync(path);
    }
  }
}

function markerFolder(workspace: Workspace): string {
  return join(workspace.path, "imports");
}

function markerPath(workspace: Workspace, sha256: string): string {
  return join(markerFolder(workspace), `${sha256.slice(0, 12)}.json`);
}
