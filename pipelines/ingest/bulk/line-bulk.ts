import { rmSync } from "node:fs";
import { join } from "node:path";
import { openBytes } from "../../../datasets/reader/open-bytes.js";
import type { ReadRecord } from "../../../datasets/reader/read-record.js";
import type { Container } from "../../../datasets/reader/sniff-container.js";
import { saltedHash } from "../../../datasets/workspace.js";
import { sqlText } from "../sql-text.js";
import type { BulkEngine, BulkFile } from "./bulk-engine.js";
import { canonicalFields, canonicalKinds, idColumns } from "./canonical-fields.js";
import { fieldsViewSql } from "./fields-view.js";
import { derivedIdKey, type LineChunk, lineChunks, lineKey, maxPlainBytes } from "./line-chunks.js";
import { LineShapes } from "./line-shapes.js";

/** A part of a file that one engine reads by itself. */
export interface BulkChunk {
  read(engine: BulkEngine, chunkNo: number): Promise<BulkRead>;
}

/** The rows of a chunk as Parquet parts, and the records that are left to JavaScript. */
export interface BulkRead {
  claimed: number;
  parts: string[];
  records: ReadRecord[];
}

/** The chunks of a JSONL file of canonical records. Node looks at the bytes of every line, DuckDB reads the plain ones. */
export async function* lineBulk(
  path: string,
  container: Container,
  file: BulkFile,
): AsyncIterable<BulkChunk> {
  const chunks = lineChunks(openBytes(path, container, maxLineBytes), {
    shapes: new LineShapes(canonicalKinds()),
    idKeys: idColumns,
    deriveId: (text) => `derived-${saltedHash(file.workspace, `canonical\0${text}`)}`,
    pathOf: (chunkNo) => join(file.folder, `lines-${file.fileNo}-${chunkNo}.jsonl`),
    maxLineBytes,
  });
  for await (const chunk of chunks) yield { read: (engine, chunkNo) => readChunk(chunk, engine, chunkNo) };
}

/** As in readRecords. */
const maxLineBytes = 64 * 1024 * 1024;

async function readChunk(chunk: LineChunk, engine: BulkEngine, chunkNo: number): Promise<BulkRead> {
  if (chunk.lines.length === 0) {
    chunk.release();
    return { claimed: 0, parts: [], records: chunk.records };
  }
  const columns = new Map<string, string>();
  for (const { type, columns: names } of canonicalFields)
    for (const name of names) if (chunk.keys.has(name)) columns.set(name, sqlTypes[type]);
  const fieldsView = fieldsViewSql(canonicalFields, columns, {
    from: readJson(chunk.path, [...columns, [lineKey, "BIGINT"], [derivedIdKey, "VARCHAR"]]),
    line: `"${lineKey}"`,
    derivedId: `"${derivedIdKey}"`,
  });
  const { claimed, left, parts } = await engine.read({
    fieldsView,
    chunkNo,
    lines: { count: chunk.lines.length, all: () => [...chunk.lines] },
    bytesPerRow: chunk.bytes / chunk.lines.length,
  });
  rmSync(chunk.path);
  const records = [...chunk.records, ...left.map(chunk.recordAt)].sort((a, b) => a.line - b.line);
  chunk.release();
  return { claimed, parts, records };
}

const sqlTypes = {
  label: "VARCHAR",
  text: "VARCHAR",
  count: "DOUBLE",
  number: "DOUBLE",
  flag: "BOOLEAN",
  time: "VARCHAR",
};

function readJson(path: string, columns: ReadonlyArray<readonly [string, string]>): string {
  const types = columns.map(([name, type]) => `"${name}": '${type}'`);
  return `read_json(${sqlText(path)}, format = 'newline_delimited', ignore_errors = true, maximum_object_size = ${2 * maxPlainBytes}, columns = {${types.join(", ")}})`;
}
