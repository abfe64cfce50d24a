import type { Engine } from "../../datasets/engine/engine.js";
import { sqlList } from "./sql-text.js";

/** Rows that a row group may have when the rows of some Parquet files are written again: about 32 MB, for DuckDB holds a whole group
 * per thread in memory while it writes it. A multiple of 2,048. */
export async function rowGroupRows(engine: Engine, paths: readonly string[]): Promise<number> {
  const [size] = await engine.rows<{ bytes: number | null }>(
    `SELECT CAST(sum(total_uncompressed_size) AS DOUBLE) / nullif(sum(CASE WHEN column_id = 0 THEN row_group_num_rows END), 0) AS bytes
     FROM parquet_metadata(${sqlList(paths)})`,
  );
  const vectors = Math.floor(groupBytes / vectorRows / Math.max(1, size!.bytes ?? 1));
  return vectorRows * Math.max(1, Math.min(maxVectors, vectors));
}

const groupBytes = 32_000_000;
const vectorRows = 2048;
const maxVectors = 60;
