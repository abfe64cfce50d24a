import { openDuckDb } from "../../datasets/engine/duckdb.js";
import type { Engine } from "../../datasets/engine/engine.js";
import { createTableSql, type Table } from "../../datasets/table.js";

/** A real DuckDB in memory with one table filled. */
export async function memoryEngine(
  table: Table,
  rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
): Promise<Engine> {
  const engine = await openDuckDb();
  await engine.run(createTableSql(table));
  await engine.append(table.name, table, rows);
  return engine;
}
