/** An answer without what no reader sees: Unicode composed, line ends alike, no spaces at the ends of lines or of the whole. Case,
 * punctuation and indentation stay: they can be what was asked for. */
export function normaliseAnswer(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+$/gm, "")
    .trim();
}

/** Whether two answers say the same to the letter, or are the same JSON object or array whatever its spacing and order of keys. */
export function isSameAnswer(a: string, b: string): boolean {
  const [left, right] = [normaliseAnswer(a), normaliseAnswer(b)];
  if (left === right) return left !== "";
  const [first, second] = [canonicalJson(left), canonicalJson(right)];
  return first !== null && first === second;
}

/** JSON with its keys in order; null for what is no object or array. */
function canonicalJson(text: string): string | null {
  if (!/^[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch {
    return null;
  }
}
