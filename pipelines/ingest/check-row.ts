import type { Column, Table } from "../../datasets/table.js";

/** Whether a row fits its table: the last door before storage, so that no hostile value can fail a whole file.
 * @returns what is wrong, or null */
export function checkRow(table: Table, row: Readonly<Record<string, unknown>>): string | null {
  for (const [name, column] of Object.entries(table.columns)) {
    const problem = checkValue(row[name], column);
    if (problem) return `${name} ${problem}`;
  }
  return null;
}

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
