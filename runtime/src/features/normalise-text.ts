/** Longest text, in UTF-16 units, whose content is read; of a longer one the two ends are kept. */
export const textCap = 8_192;

const digitZero = 0x30;
const lowered = buildLowered();

/** Keep at most `cap` units: the first half and the last half, next to each other.
 * @param cap an even number */
export function capText(text: string, cap: number): string {
  return text.length <= cap ? text : text.slice(0, cap / 2) + text.slice(text.length - cap / 2);
}

/** Write the normal form that n-grams are taken from: NFKC, lower case, every ASCII digit as `0`.
 * @param text at most `units.length` units
 * @param units filled from index 0; when normalisation lengthens the text, its two ends are kept
 * @returns number of units written */
export function normaliseText(text: string, isAscii: boolean, units: Uint16Array): number {
  const source = isAscii ? text : capText(text.normalize("NFKC").toLowerCase(), units.length);
  for (let i = 0; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    units[i] = unit < 0x80 ? lowered[unit]! : unit;
  }
  return source.length;
}

function buildLowered(): Uint8Array {
  const table = Uint8Array.from({ length: 0x80 }, (_, unit) => unit);
  for (let unit = 0x41; unit <= 0x5a; unit++) table[unit] = unit + 0x20;
  table.fill(digitZero, 0x30, 0x3a);
  return table;
}
