import type { Cell, Table } from "../content.js";
import { formatCount } from "../format-numbers.js";

/** A column of a table block and how it reads a row. */
export interface TableColumn<Row> {
  title: string;
  isNumber?: boolean;
  cell: (row: Row) => Cell;
}

/** Lay rows out as a table, the first `limit` of them; what is left out is counted under it.
 * The first column names the row. */
export function tableBlock<Row>(options: {
  caption: string;
  rows: readonly Row[];
  columns: ReadonlyArray<TableColumn<Row>>;
  notes?: readonly string[];
  limit?: number;
  isFolded?: boolean;
}): Table {
  const { caption, rows, columns, notes = [], limit = 25, isFolded } = options;
  const left = rows.length - limit;
  return {
    kind: "table",
    caption,
    columns: columns.map(({ title, isNumber }) => ({ title, isNumber })),
    rows: rows.slice(0, limit).map((row) => columns.map(({ cell }) => cell(row))),
    notes: [...notes, ...(left > 0 ? [`${formatCount(left)} more rows are in the JSON document.`] : [])],
    isFolded,
  };
}
