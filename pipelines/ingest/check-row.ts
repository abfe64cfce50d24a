import type { Column, Table } from "../../datasets/table.js";

/** Whether a row fits its table: the last door before storage, so that no hostile value can fail a whole file.
 * @returns what is wrong, or null */
export function checkRow(table: Table, row: Readonly<Record<string, unknown>>): string | null {
  for (const { name, column } of columnsOf(table)) {
    const problem = checkValue(row[name], column);
    if (problem) return `${name} ${problem}`;
  }
  return null;
}

function columnsOf(table: Table): ReadonlyArray<{ name: string; column: Column }> {
  let columns = columnLists.get(table);
  if (columns === undefined) {
    columns = Object.entries(table.columns).map(([name, column]) => ({ name, column }));
    columnLists.set(table, columns);
  }
  return columns;
}

const columnLists = new WeakMap<Table, ReadonlyArray<{ name: string; column: Column }>>();

function checkValue(value: unknown, column: Column): string | null {
  if (value === null || value === undefined) return column.required ? "is missing" : null;
  switch (column.type) {
    case "VARCHAR":
      return typeof value === "string" ? null : `is no text (${typeof value})`;
    case "BOOLEAN":
      return typeof value === "boolean" ? null : `is no boolean (${typeof value})`;
    case "DOUBLE":
      return Number.isFinite(value) ? null : `is no number (${String(value)})`;
    case "INTEGER":
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31
        ? null
        : `is no 32-bit integer (${String(value)})`;
    case "BIGINT":
      return Number.isSafeInteger(value) ? null : `is no exact integer (${String(value)})`;
    case "TIMESTAMP":
      return Number.isSafeInteger(value) ? null : `is no time (${String(value)})`;
  }
}
