import type { Table as ArrowTable } from "apache-arrow";
import type { Table } from "../table.js";

/** A bound parameter. Dates are passed as ISO text and cast in SQL. */
export type SqlValue = string | number | bigint | boolean | null;

/** Named parameters: `{ from: "2026-01-01" }` binds `$from`. */
export type SqlParameters = Readonly<Record<string, SqlValue>>;

/** The one door to a SQL engine. DuckDB in process is the first; another engine implements the same few calls.
 * Values come back as plain JavaScript: BIGINT and TIMESTAMP (microseconds) as numbers, NULL as null. */
export interface Engine {
  /** Run one statement for its effect. */
  run(sql: string, parameters?: SqlParameters): Promise<void>;
  /** Run one statement and return all rows as objects: for results that are small by construction. */
  rows<Row extends object>(sql: string, parameters?: SqlParameters): Promise<Row[]>;
  /** Run one statement and stream its rows in chunks of about 2,048: for results of any size. */
  chunks<Row extends object>(sql: string, parameters?: SqlParameters): AsyncIterable<Row[]>;
  /** Run one statement and stream its columns, about 2,048 values each at a time: for numbers that end in typed arrays. */
  columns(
    sql: string,
    parameters?: SqlParameters,
  ): AsyncIterable<Readonly<Record<string, readonly unknown[]>>>;
  /** Run one statement and return its columns as an Arrow table; VARCHAR columns become Utf8. */
  arrow(sql: string, parameters?: SqlParameters): Promise<ArrowTable>;
  /** Append rows to an existing table that was made from this table definition. */
  append(name: string, table: Table, rows: ReadonlyArray<Readonly<Record<string, unknown>>>): Promise<void>;
  /** Release the engine. Further calls fail. */
  close(): void;
}
