import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBValueConverter,
  BIGINT as duckBigint,
  BOOLEAN as duckBoolean,
  DOUBLE as duckDouble,
  INTEGER as duckInteger,
  TIMESTAMP as duckTimestamp,
  VARCHAR as duckVarchar,
} from "@duckdb/node-api";
import type { Table as ArrowTable } from "apache-arrow";
import { arrowFromColumns } from "../arrow.js";
import { StorageError } from "../errors.js";
import type { Column, ColumnType, Table } from "../table.js";
import type { Engine, SqlParameters } from "./engine.js";
import { duckDbVocabulary } from "./vocabulary-duckdb.js";

/** How a DuckDB engine is opened. */
export interface DuckDbOptions {
  /** Database file; in memory when absent. */
  path?: string;
  /** Worker threads; default all cores. */
  threads?: number;
  /** Memory ceiling such as "1GB"; beyond it DuckDB spills to `temporaryFolder`. */
  memoryLimit?: string;
  /** Where DuckDB spills. */
  temporaryFolder?: string;
  /** Says more of a file that can't be read than the engine does. */
  explain?: (error: StorageError) => Promise<StorageError>;
}

/** Open DuckDB in this process. No extension is ever downloaded: a statement that needs one fails with its name. */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<Engine> {
  const config: Record<string, string> = {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: options.memoryLimit ?? "2GB",
  };
  if (options.threads !== undefined) config.threads = String(options.threads);
  if (options.temporaryFolder !== undefined) config.temp_directory = options.temporaryFolder;
  const instance = await DuckDBInstance.create(options.path ?? ":memory:", config);
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const definition of duckDbVocabulary) await connection.run(definition);
  return new DuckDbEngine(instance, connection, options.explain ?? (async (error) => error));
}

class DuckDbEngine implements Engine {
  constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly explain: (error: StorageError) => Promise<StorageError>,
  ) {}

  async run(sql: string, parameters?: SqlParameters): Promise<void> {
    await this.connection.run(sql, parameters).catch((error) => this.rethrow(error));
  }

  async rows<Row extends object>(sql: string, parameters?: SqlParameters): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql, parameters).catch((error) => this.rethrow(error));
    return reader.convertRowObjects(toPlain) as Row[];
  }

  async *chunks<Row extends object>(sql: string, parameters?: SqlParameters): AsyncIterable<Row[]> {
    for await (const columns of this.columns(sql, parameters)) yield rowsOf(columns) as Row[];
  }

  async *columns(sql: string, parameters?: SqlParameters): AsyncIterable<Record<string, unknown[]>> {
    try {
      const result = await this.connection.stream(sql, parameters);
      const names = result.deduplicatedColumnNames();
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        const values = chunk;
        yield Object.fromEntries(names.map((name, i) => [name, values.convertColumnValues(i, toPlain)]));
      }
    } catch (error) {
      await this.rethrow(error);
    }
  }

  async arrow(sql: string, parameters?: SqlParameters): Promise<ArrowTable> {
    const columns: Record<string, unknown[]> = {};
    for await (const chunk of this.columns(sql, parameters)) {
      for (const [name, values] of Object.entries(chunk)) {
        columns[name] ??= [];
        for (const value of values) columns[name].push(value);
      }
    }
    return arrowFromColumns(columns);
  }

  async append(
    name: string,
    table: Table,
    rows: ReadonlyArray<Readonly<Record<string, unknown>>>,
  ): Promise<void> {
    if (rows.length === 0) return;
    const columns = Object.entries(table.columns);
    const types = columns.map(([, column]) => duckTypes[column.type]);
    const appender = await this.connection.createAppender(name);
    for (let start = 0; start < rows.length; start += chunkRows) {
      const count = Math.min(chunkRows, rows.length - start);
      const chunk = DuckDBDataChunk.create(types, count);
      columns.forEach(([key, column], i) => {
        const vector = chunk.getColumnVector(i);
        for (let row = 0; row < count; row++)
          vector.setItem(row, toDuck(rows[start + row]![key], key, column));
        vector.flush();
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  private async rethrow(error: unknown): Promise<never> {
    const found = storageError(error);
    throw found === null ? error : await this.explain(found);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Rows of columns: column by column is several times faster to convert than value by value. */
function rowsOf(columns: Readonly<Record<string, readonly unknown[]>>): Array<Record<string, unknown>> {
  const names = Object.keys(columns);
  const values = names.map((name) => columns[name]!);
  return Array.from({ length: values[0]?.length ?? 0 }, (_, i) => {
    const row: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place++) row[names[place]!] = values[place]![i];
    return row;
  });
}

/** DuckDB tells faults of files and disks from faults of a statement only by the words of its message. */
function storageError(cause: unknown): StorageError | null {
  const [message] = String((cause as Error).message).split("\n") as [string];
  const isStorage = /^(IO|Invalid) Error: |^Invalid Input Error: .*(file|Parquet)/.test(message);
  if (!isStorage) return null;
  const shown = message.length > shownChars ? `${message.slice(0, shownChars)}...` : message;
  return new StorageError(shown, { cause });
}

/** Some messages go on with the data that could not be read. */
const shownChars = 240;

const chunkRows = 2048;

const duckTypes: Record<ColumnType, DuckDBType> = {
  VARCHAR: duckVarchar,
  BIGINT: duckBigint,
  INTEGER: duckInteger,
  DOUBLE: duckDouble,
  BOOLEAN: duckBoolean,
  TIMESTAMP: duckTimestamp,
};

function toDuck(value: unknown, name: string, column: Column): DuckDBValue {
  if (value === null || value === undefined) {
    if (column.required) throw new TypeError(`column ${name} is required`);
    return null;
  }
  if (column.type === "BIGINT") return BigInt(value as number);
  if (column.type === "TIMESTAMP") return new DuckDBTimestampValue(BigInt(Math.round(value as number)));
  return value as DuckDBValue;
}

const toPlain: DuckDBValueConverter<unknown> = (value, type, convert) => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return Number(value.micros);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map((item) => convert(item, type, convert));
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([key, item]) => [key, convert(item, type, convert)]),
    );
  }
  if (value instanceof DuckDBMapValue) {
    const entries = value.entries.map(({ key, value: item }) => [
      String(convert(key, type, convert)),
      convert(item, type, convert),
    ]);
    return Object.fromEntries(entries) as unknown;
  }
  return value.toString();
};
