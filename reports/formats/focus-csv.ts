import { type FocusRow, focusColumns } from "../../datasets/focus-row.js";
import { csvText } from "./csv-text.js";

/** FOCUS rows as CSV, one column each of {@link focusColumns}. */
export function focusCsv(rows: readonly FocusRow[]): string {
  return csvText(
    focusColumns,
    rows.map((row) => focusColumns.map((column) => row[column])),
  );
}
