/** Choose the keys that a chart or table shows by themselves: the `count` largest by amount, ties by name. When more than
 * that are left, the last place goes to the rest together, so that nothing is dropped.
 * @returns the keys kept in descending order, and how many keys the rest stands for */
export function keepLargest<Row>(
  rows: readonly Row[],
  options: { key: (row: Row) => string; amount: (row: Row) => number; count: number },
): { kept: string[]; rest: number } {
  const totals = new Map<string, number>();
  for (const row of rows)
    totals.set(options.key(row), (totals.get(options.key(row)) ?? 0) + options.amount(row));
  const ranked = [...totals].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([key]) => key);
  const kept = ranked.length > options.count ? ranked.slice(0, options.count - 1) : ranked;
  return { kept, rest: ranked.length - kept.length };
}

/** Name of what is folded together: "9 other models". */
export function restName(rest: number, plural: string): string {
  return `${rest} other ${plural}`;
}
