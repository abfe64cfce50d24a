import { openDuckDb } from "../engine/duckdb.js";
import { readSql } from "../engine/sql-file.js";
import { findZstdFault } from "./check-zstd.js";
import { engineMessage } from "./engine-message.js";
import { DamagedInput } from "./read-record.js";

/** Decompress a zstd file of UTF-8 text. Node 20 has no zstd, DuckDB has: it hands over whole lines, and they are put
 * together again. A line may be up to `maxLineBytes` long.
 * @throws {DamagedInput} after what could be read, if DuckDB stops, or the file was cut, which DuckDB doesn't notice */
export async function* unzstd(path: string, maxLineBytes: number): AsyncIterable<Buffer> {
  const engine = await openDuckDb({ threads: 1 });
  try {
    const lines = engine.chunks<{ line: string | null }>(readSql("datasets/reader/zstd-lines.sql"), {
      path,
      max_line_bytes: maxLineBytes,
      buffer_bytes: 2 * maxLineBytes,
    });
    // Without a newline at the very end, half a line is seen to be half.
    let separator = "";
    for await (const rows of lines) {
      yield Buffer.from(separator + rows.map(({ line }) => line ?? "").join("\n"));
      separator = "\n";
    }
  } catch (cause) {
    throw new DamagedInput(
      "unreadable_file",
      `zstd data could not be read to its end (${engineMessage(cause)}); decompress it with "zstd -d" and ingest the result`,
      { cause },
    );
  } finally {
    engine.close();
  }
  const fault = await findZstdFault(path);
  if (fault !== null) throw fault;
}
