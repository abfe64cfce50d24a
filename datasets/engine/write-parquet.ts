import { mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { createTableSql, type Table } from "../table.js";
import type { Engine } from "./engine.js";

/** Write rows of a table as one Parquet file, whole or not at all. The engine must not hold a table of that name.
 * @param path of the file; its folder is made */
export async function writeParquet(
  engine: Engine,
  table: Table,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
  path: string,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await engine.run(createTableSql(table));
  await engine.append(table.name, table, rows);
  const temporary = `${path}.${process.pid}.tmp`;
  await engine.run(`COPY "${table.name}" TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet)`);
  renameSync(temporary, path);
}
