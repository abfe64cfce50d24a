/** The number that a formatted cell stands for, to sort by: "$1,200.00", "at least $12.00", "12.3 %", "−4", "1.5 MB", "3.20 s".
 * The inverse of format-numbers.ts as far as order is concerned: within one unit family larger stands for more.
 * @returns null for words such as "unknown", which sort after every number */
export function sortKey(text: string): number | null {
  const found = /^(?:at least |up to )?([−+-]?)\$?([\d,]*\.?\d+)(?:e([+-]?\d+))?\s*([%a-zA-Z]*)/u.exec(text);
  if (found === null) return null;
  const [, sign, digits, exponent = "0", unit] = found;
  const size = Number(`${digits!.replaceAll(",", "")}e${exponent}`) * (unitSizes[unit!] ?? 1);
  return sign === "−" || sign === "-" ? -size : size;
}

/** Sizes of the units that one column can mix. */
const unitSizes: Readonly<Record<string, number>> = {
  s: 1e3,
  kB: 1e3,
  MB: 1e6,
};
