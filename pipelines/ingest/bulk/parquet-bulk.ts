import { openDuckDb } from "../../../datasets/engine/duckdb.js";
import type { Engine } from "../../../datasets/engine/engine.js";
import type { ReadRecord } from "../../../datasets/reader/read-record.js";
import { toJson } from "../../../datasets/sources/json-access.js";
import { sqlText } from "../sql-text.js";
import type { BulkEngine } from "./bulk-engine.js";
import { canonicalFields, canonicalKinds, idColumns } from "./canonical-fields.js";
import { type FileColumns, fieldsViewSql } from "./fields-view.js";
import type { BulkChunk, BulkRead } from "./line-bulk.js";
import { Kind } from "./line-shapes.js";

/** The chunks of a Parquet file of canonical records: whole row groups.
 * @returns null when no record has an id of its own: it would be derived from the record as JavaScript reads it */
export async function parquetBulk(path: string): Promise<AsyncIterable<BulkChunk> | null> {
  const engine = await openDuckDb({ threads: 1 });
  try {
    const columns = await readColumns(engine, path);
    if (!idColumns.some((name) => columns.has(name))) return null;
    return chunksOf(path, columns, await readRanges(engine, path));
  } finally {
    engine.close();
  }
}

async function readColumns(engine: Engine, path: string): Promise<FileColumns> {
  const columns = await engine.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${readParquet(path)}`,
  );
  return new Map(columns.map(({ column_name: name, column_type: type }) => [name, type]));
}

/** Known columns whose type SQL doesn't read as JavaScript does. */
function unreadColumns(columns: FileColumns): string[] {
  const kinds = canonicalKinds();
  return [...columns.keys()].filter(
    (name) => kinds.has(name) && ((kindOfType[columns.get(name)!] ?? 0) & kinds.get(name)!) === 0,
  );
}

/** 32-bit floats and decimals print otherwise than JavaScript's numbers; HUGEINT and UBIGINT don't fit them. */
const kindOfType: Readonly<Record<string, number>> = {
  VARCHAR: Kind.text,
  BOOLEAN: Kind.boolean,
  TINYINT: Kind.whole,
  SMALLINT: Kind.whole,
  INTEGER: Kind.whole,
  BIGINT: Kind.whole,
  UTINYINT: Kind.whole,
  USMALLINT: Kind.whole,
  UINTEGER: Kind.whole,
  DOUBLE: Kind.number,
  TIMESTAMP: Kind.moment,
  "TIMESTAMP WITH TIME ZONE": Kind.moment,
};

interface Range {
  first: number;
  count: number;
  bytes: number;
}

/** Neighbouring row groups, together some tens of MB. */
async function readRanges(engine: Engine, path: string): Promise<Range[]> {
  const groups = await engine.rows<{ count: number; bytes: number }>(
    `SELECT any_value(row_group_num_rows) AS count, CAST(sum(total_uncompressed_size) AS BIGINT) AS bytes
     FROM parquet_metadata(${sqlText(path)}) GROUP BY row_group_id ORDER BY row_group_id`,
  );
  const ranges: Range[] = [];
  let first = 0;
  for (const { count, bytes } of groups) {
    const last = ranges.at(-1);
    if (last && last.bytes + bytes <= rangeBytes && last.count + count <= rangeRows) {
      last.count += count;
      last.bytes += bytes;
    } else ranges.push({ first, count, bytes });
    first += count;
  }
  return ranges;
}

const rangeBytes = 64_000_000;
const rangeRows = 200_000;

async function* chunksOf(
  path: string,
  columns: FileColumns,
  ranges: readonly Range[],
): AsyncIterable<BulkChunk> {
  for (const range of ranges) {
    yield { read: (engine, chunkNo) => readRange(path, { columns, range, engine, chunkNo }) };
  }
}

async function readRange(
  path: string,
  {
    columns,
    range,
    engine,
    chunkNo,
  }: { columns: FileColumns; range: Range; engine: BulkEngine; chunkNo: number },
): Promise<BulkRead> {
  const from = `${readParquet(path)} WHERE file_row_number >= ${range.first} AND file_row_number < ${range.first + range.count}`;
  const unread = unreadColumns(columns);
  const readable = new Map([...columns].filter(([name]) => !unread.includes(name)));
  const fieldsView = fieldsViewSql(canonicalFields, readable, {
    from,
    line: "file_row_number + 1",
    derivedId: "NULL::VARCHAR",
    unread,
  });
  const { claimed, left, parts } = await engine.read({
    fieldsView,
    chunkNo,
    lines: {
      count: range.count,
      all: () => Array.from({ length: range.count }, (_, i) => range.first + 1 + i),
    },
    bytesPerRow: range.bytes / range.count,
  });
  return { claimed, parts, records: left.length === 0 ? [] : await recordsAt(engine.engine, from, left) };
}

/** Rows as datasets/reader/read-parquet.ts gives them. */
async function recordsAt(engine: Engine, from: string, lines: readonly number[]): Promise<ReadRecord[]> {
  const rows = await engine.rows<Record<string, unknown> & { file_row_number: number }>(
    `SELECT * FROM ${from} AND file_row_number + 1 IN (${lines.join(", ")}) ORDER BY file_row_number`,
  );
  return rows.map(({ file_row_number: rowNo, ...value }) => ({
    line: rowNo + 1,
    raw: toJson(value) ?? "",
    value,
  }));
}

function readParquet(path: string): string {
  return `read_parquet(${sqlText(path)}, file_row_number = true, hive_partitioning = false)`;
}
