/** A parsed text, or why it isn't JSON. */
export type ParsedJson = { value: unknown } | { error: string };

/** Parse one JSON text the way logs are written: strictly first; then forgiving what never changes a meaning (zero bytes
 * or separators around the record, a trailing comma after it, Python's NaN and Infinity, read as null).
 * Integers that a double can't hold exactly become strings of their digits, so that two ids never fall together. */
export function parseJson(text: string): ParsedJson {
  const exact = longInteger.test(text) ? quoteLongIntegers(text) : text;
  try {
    return { value: JSON.parse(exact) };
  } catch (error) {
    return parseForgivingly(exact, (error as Error).message);
  }
}

const longInteger = /[0-9]{16}/;

/** A string (kept as it is), or a bare integer of 16 digits and more. */
const stringOrLongInteger = /"(?:[^"\\]|\\.)*"|(?<![0-9.eE+-])(-?[0-9]{16,})(?![0-9.eE])/gs;

function quoteLongIntegers(text: string): string {
  return text.replace(stringOrLongInteger, (token, digits?: string) =>
    digits === undefined || Number.isSafeInteger(Number(digits)) ? token : `"${digits}"`,
  );
}

function parseForgivingly(text: string, error: string): ParsedJson {
  const trimmed = trimRecord(text);
  if (trimmed === "") return { error: "nothing but zero bytes or separators" };
  const repaired = notANumber.test(trimmed) ? trimmed.replace(stringOrNotANumber, nullForNotANumber) : trimmed;
  if (repaired === text) return { error };
  try {
    return { value: JSON.parse(repaired) };
  } catch {
    return { error };
  }
}

/** Zero bytes (a block that never reached the disk), byte order marks, RFC 7464 separators, a comma after the record. */
function trimRecord(text: string): string {
  return text.replace(/^[\s\0\u001e\ufeff]+/, "").replace(/[\s\0\u001e\ufeff]+$/, "").replace(/,$/, "");
}

const notANumber = /NaN|Infinity/;
const stringOrNotANumber = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

function nullForNotANumber(token: string): string {
  return token.startsWith('"') ? token : "null";
}
