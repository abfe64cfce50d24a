import type { BulkField } from "./canonical-fields.js";

/** A column of the file and the SQL type that it has there. */
export type FileColumns = ReadonlyMap<string, string>;

/** Where the view `fields` gets its records. */
interface FieldsOrigin {
  /** FROM-clause item, with its WHERE clause. */
  from: string;
  /** SQL of a record's number. */
  line: string;
  /** SQL of the id of a record that has none, or NULL. */
  derivedId: string;
  /** Columns that SQL can't read: records that hold something there are left to JavaScript. */
  unread?: readonly string[];
}

/** The view `fields`: one column for every fact, whatever the file calls it; NULL where the file has no such column. */
export function fieldsViewSql(
  fields: readonly BulkField[],
  columns: FileColumns,
  { from, line, derivedId, unread = [] }: FieldsOrigin,
): string {
  const selected = fields.map((field) => `${firstValue(field, columns)} AS ${field.name}`);
  const hasUnread = ["false", ...unread.map((name) => `"${name}" IS NOT NULL`)].join(" OR ");
  return `CREATE OR REPLACE TEMP VIEW fields AS
    SELECT ${line} AS line, ${derivedId} AS derived_id, ${hasUnread} AS has_unread, ${selected.join(", ")} FROM ${from}`;
}

/** SQL types of the view's columns. */
const sqlTypes: Readonly<Record<BulkField["type"], string>> = {
  label: "VARCHAR",
  text: "VARCHAR",
  count: "DOUBLE",
  number: "DOUBLE",
  flag: "BOOLEAN",
  time: "TIMESTAMP",
};

/** Not coalesce: a value that can't be converted must not give way to the next column's. */
function firstValue({ type, columns }: BulkField, present: FileColumns): string {
  const cases = columns
    .filter((name) => present.has(name))
    .map((name) => `WHEN "${name}" IS NOT NULL THEN ${converted(`"${name}"`, type, present.get(name)!)}`);
  return cases.length === 0 ? `NULL::${sqlTypes[type]}` : `CASE ${cases.join(" ")} END`;
}

function converted(column: string, type: BulkField["type"], from: string): string {
  if (type === "time" && !from.startsWith("TIMESTAMP")) return `bulk_time(CAST(${column} AS VARCHAR))`;
  return from === sqlTypes[type] ? column : `CAST(${column} AS ${sqlTypes[type]})`;
}
