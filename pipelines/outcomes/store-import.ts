import { mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../../datasets/engine/engine.js";
import type { Workspace } from "../../datasets/workspace.js";
import { importedParquet, importedTables } from "./import-marker.js";

/** Write the staged tables of an import as Parquet: aside first, then moved into place. The caller's marker commits them. */
export async function storeImport(workspace: Workspace, engine: Engine, sha256: string): Promise<void> {
  const aside = join(workspace.path, "tmp", `outcomes-${sha256.slice(0, 12)}`);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const targets = importedParquet(workspace, sha256);
  const moves: Array<{ from: string; to: string }> = [];
  for (const [i, { table, prefix }] of importedTables.entries()) {
    const [count] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM "${table.name}"`);
    if (count!.n === 0 && prefix === "outcomes") continue;
    const from = join(aside, `${table.name}-${basename(targets[i]!)}`);
    await engine.run(
      `COPY "${table.name}" TO '${from.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    moves.push({ from, to: targets[i]! });
  }
  for (const { from, to } of moves) {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  rmSync(aside, { recursive: true });
}
