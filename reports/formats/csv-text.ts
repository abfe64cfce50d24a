/** A value of a CSV file; null and undefined are empty fields. */
export type CsvValue = string | number | null | undefined;

/** Rows as CSV (RFC 4180, \n between lines). A text that a spreadsheet would run as a formula gets an apostrophe in front;
 * numbers are written with every digit. */
export function csvText(header: readonly string[], rows: ReadonlyArray<readonly CsvValue[]>): string {
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

function field(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
