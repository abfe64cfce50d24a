import { type CachePairRow, cachePairs } from "../../../datasets/cache-pairs.js";
import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import { writeParquet } from "../../../datasets/engine/write-parquet.js";

/** Write rows of cache_pairs as one file, whole or not at all. */
export async function writePairs(rows: readonly CachePairRow[], path: string): Promise<void> {
  const engine = await openDuckDb();
  await writeParquet(engine, cachePairs, rows, path).finally(() => engine.close());
}
