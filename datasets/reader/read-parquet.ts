import { openDuckDb } from "../engine/duckdb.js";
import { readSql } from "../engine/sql-file.js";
import { toJson } from "../sources/json-access.js";
import { engineMessage } from "./engine-message.js";
import { DamagedInput, type ReadRecord } from "./read-record.js";

/** Read a Parquet file as row objects; timestamps become microseconds since 1970, `line` is the row's ordinal.
 * @throws {DamagedInput} after what could be read */
export async function* readParquet(path: string): AsyncIterable<ReadRecord[]> {
  const engine = await openDuckDb({ threads: 1 });
  let line = 0;
  try {
    for await (const rows of engine.chunks<Record<string, unknown>>(
      readSql("datasets/reader/parquet-rows.sql"),
      { path },
    )) {
      yield rows.map((value) => ({ line: ++line, raw: toJson(value) ?? "", value }));
    }
  } catch (cause) {
    throw new DamagedInput("unreadable_file", `Parquet could not be read: ${engineMessage(cause)}`, {
      cause,
    });
  } finally {
    engine.close();
  }
}
