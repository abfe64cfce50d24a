/** A parsed text, or why it isn't JSON. */
export type ParsedJson = { value: unknown } | { error: string };

/** Parse one JSON text the way logs are written: strictly first; then forgiving what never changes a meaning (zero bytes
 * or separators around the record, a trailing comma after it, Python's NaN and Infinity, read as null).
 * Integers that a double can't hold exactly become strings of their digits, so that two ids never fall together. */
export function parseJson(text: string): ParsedJson {
  const exact = longInteger.test(text) && mayBeBare.test(text) ? quoteLongIntegers(text) : text;
  try {
    return { value: JSON.parse(exact) };
  } catch (error) {
    return parseForgivingly(exact, (error as Error).message);
  }
}

/** Take white space, zero bytes (a block that never reached the disk), byte order marks, and RFC 7464 separators off both
 * ends of a text. */
export function trimRecord(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0 || code === 0x1e || code === 0xfeff || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

const longInteger = /[0-9]{16}/;

/** What stands before a number in JSON, or around the record. A digit string in quotes, as OTLP writes its times, follows none of it. */
const mayBeBare = /(?:^|[^\w"'.+-])-?[0-9]{16}/;
const bareLongInteger = /(?<![0-9.eE+-])-?[0-9]{16,}(?![0-9.eE])/g;

function quoteLongIntegers(text: string): string {
  return replaceOutsideStrings(text, (part) =>
    part.replace(bareLongInteger, (digits) =>
      Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`,
    ),
  );
}

function parseForgivingly(text: string, error: string): ParsedJson {
  const trimmed = trimRecord(text);
  if (trimmed === "") return { error: "nothing but zero bytes or separators" };
  const single = trimmed.endsWith(",") ? trimmed.slice(0, -1) : trimmed;
  const repaired = notANumber.test(single)
    ? replaceOutsideStrings(single, (part) => part.replace(bareNotANumber, "null"))
    : single;
  if (repaired === text) return { error };
  try {
    return { value: JSON.parse(repaired) };
  } catch {
    return { error };
  }
}

const notANumber = /NaN|Infinity/;
const bareNotANumber = /-?\bInfinity\b|\bNaN\b/g;

/** Rewrite what lies between the strings of a JSON text. Strings of megabytes overflow a regular expression that would match
 * them, so they are skipped by hand. */
function replaceOutsideStrings(text: string, replace: (part: string) => string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('"', position);
    if (open < 0) break;
    const close = endOfString(text, open);
    parts.push(replace(text.slice(position, open)), text.slice(open, close));
    position = close;
  }
  parts.push(replace(text.slice(position)));
  return parts.join("");
}

function endOfString(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
