import type { ChartRow } from "./chart.js";

/** Add up rows that agree in the `by` fields, so that a chart carries one row per mark however many it was given.
 * Groups keep the order in which they first appear. */
export function sumRows(
  rows: readonly ChartRow[],
  by: readonly string[],
  sums: readonly string[],
): ChartRow[] {
  const groups = new Map<string, ChartRow>();
  for (const row of rows) {
    const key = JSON.stringify(by.map((field) => row[field]));
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { ...row });
      continue;
    }
    for (const field of sums) group[field] = Number(group[field]) + Number(row[field]);
  }
  return [...groups.values()];
}
