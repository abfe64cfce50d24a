import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";

/** Read which attempts of a replay nobody seems to wait for.
 * @param engine opened by `openTables`
 * @returns 1 by row */
export async function readBatchable(engine: Engine, rows: number): Promise<Uint8Array> {
  await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  const flags = new Uint8Array(rows);
  for await (const chunk of engine.columns(readSql("pipelines/levers/batchable-rows.sql"))) {
    for (const row of chunk.row as number[]) flags[row] = 1;
  }
  return flags;
}
