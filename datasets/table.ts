/** What a column holds. A TIMESTAMP is UTC; in a row it is a number of microseconds since 1970 (exact below 2^53). */
export type ColumnType = "VARCHAR" | "BIGINT" | "INTEGER" | "DOUBLE" | "BOOLEAN" | "TIMESTAMP";

/** One column of a stored table: the single source of its type, its documentation and its DDL. */
export interface Column {
  readonly type: ColumnType;
  /** A required column is never NULL; a row without it can't be stored. */
  readonly required?: true;
  /** Unit of the value, when it has one: "tokens", "USD", "ms". */
  readonly unit?: string;
  /** What the value means, in one sentence without its full stop. */
  readonly about: string;
}

/** A stored table: its name, what one row is, and its columns in storage order. */
export interface Table<C extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  /** What one row stands for: "one row per ...". */
  readonly grain: string;
  readonly columns: C;
}

type ValueOf<T extends ColumnType> = T extends "VARCHAR" ? string : T extends "BOOLEAN" ? boolean : number;

/** The TypeScript row of a table: every column present, NULL as null. */
export type RowOf<T extends Table> = {
  -readonly [K in keyof T["columns"]]: T["columns"][K] extends { readonly required: true }
    ? ValueOf<T["columns"][K]["type"]>
    : ValueOf<T["columns"][K]["type"]> | null;
};

/** Declare a table so that its row type can be derived with {@link RowOf}. */
export function defineTable<const C extends Record<string, Column>>(table: Table<C>): Table<C> {
  return table;
}

/** A row of the table with every optional column null; the caller supplies the required ones. */
export function emptyRow<C extends Record<string, Column>>(table: Table<C>): Partial<RowOf<Table<C>>> {
  const row: Record<string, null> = {};
  for (const [name, column] of Object.entries(table.columns)) if (!column.required) row[name] = null;
  return row as Partial<RowOf<Table<C>>>;
}

/** `CREATE TABLE` text for a table, columns in order, NOT NULL where required.
 * @param name the name to create it under; default the table's own */
export function createTableSql(table: Table, name: string = table.name): string {
  const columns = Object.entries(table.columns).map(
    ([column, { type, required }]) => `  "${column}" ${type}${required ? " NOT NULL" : ""}`,
  );
  return `CREATE TABLE "${name}" (\n${columns.join(",\n")}\n)`;
}
