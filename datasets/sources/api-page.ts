import { asArray, asRecord, type JsonRecord } from "./json-access.js";

/** The rows on a page of a vendor's API: an object that is no row itself and holds rows, or a single one, under one of `lists`.
 * @returns the rows; anything else comes back as the only item, as it is */
export function rowsOfPage(
  line: unknown,
  { lists, isRow }: { lists: readonly string[]; isRow: (record: JsonRecord) => boolean },
): unknown[] {
  const page = asRecord(line);
  if (page === null || isRow(page)) return [line];
  for (const name of lists) {
    const rows = asArray(page[name]) ?? [page[name]];
    if (rows.some((row) => isRow(asRecord(row) ?? {}))) return rows;
  }
  return [line];
}
