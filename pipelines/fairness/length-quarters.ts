import type { SliceDimension } from "../slices/slice-replay.js";

/** Attempts in four parts by the length of the last user turn. Equal lengths stay together, so that there may be fewer parts.
 * @param rows those that count
 * @param chars UTF-16 units by row number; -1 = not logged */
export function lengthQuarters(rows: Int32Array, chars: Int32Array): SliceDimension {
  const lengths = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) lengths[i] = chars[rows[i]!]!;
  const sorted = lengths.filter((length) => length >= 0).sort();
  const cuts = [0.25, 0.5, 0.75].flatMap((share) => sorted[Math.ceil(share * sorted.length) - 1] ?? []);
  const bounds = [...new Set(cuts)].filter((bound) => bound < sorted.at(-1)!);
  return {
    dimension: "length",
    isOrdered: true,
    places: chars.map((length) => (length < 0 ? -1 : bounds.filter((bound) => length > bound).length)),
    names: [...bounds, Number.POSITIVE_INFINITY].map((bound, i) => {
      const from = i === 0 ? 0 : bounds[i - 1]! + 1;
      return bound === Number.POSITIVE_INFINITY
        ? `${from} characters or more`
        : `${from} to ${bound} characters`;
    }),
  };
}
