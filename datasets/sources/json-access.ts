/** A parsed JSON object of unknown content. */
export type JsonRecord = Record<string, unknown>;

/** The value when it is a JSON object (not an array), else null. */
export function asRecord(value: unknown): JsonRecord | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : null;
}

/** The value when it is an array, else null. */
export function asArray(value: unknown): unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** The objects of a list, other elements left out; empty when the value isn't a list. */
export function asRecords(value: unknown): JsonRecord[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is JsonRecord => asRecord(item) !== null);
}

/** The value when it is a string with something in it, else null. */
export function asString(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The value as text for matching: strings and numbers as they read, "" for anything else. (`String` throws on a parsed
 * `{"toString": 1}`.) */
export function asText(value: unknown): string {
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "bigint"
      ? `${value}`
      : "";
}

/** Any value as text for messages and comparisons: JSON for objects. Never throws, unlike `String`, which calls an object's own
 * `toString` whatever it is. */
export function printed(value: unknown): string {
  return typeof value === "object" && value !== null ? (toJson(value) ?? "") : String(value);
}

/** The value as a finite number: numbers, and strings that are nothing but a decimal number ("12", "1.5e-3"). */
export function asNumber(value: unknown): number | null {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)) return null;
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** The value as a boolean: booleans, and the strings "true" and "false". */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : null;
}

/** The first of the named fields that is there and isn't null. */
export function firstOf(record: JsonRecord | null, names: readonly string[]): unknown {
  if (record === null) return undefined;
  for (const name of names) {
    const value = record[name];
    if (value !== undefined && value !== null && Object.hasOwn(record, name)) return value;
  }
  return undefined;
}

/** The first of the named fields that holds a non-empty string. */
export function firstString(record: JsonRecord | null, names: readonly string[]): string | null {
  if (record === null) return null;
  for (const name of names) {
    const text = asString(record[name]);
    if (text !== null && Object.hasOwn(record, name)) return text;
  }
  return null;
}

/** The first of the named fields that holds a number (see {@link asNumber}). */
export function firstNumber(record: JsonRecord | null, names: readonly string[]): number | null {
  if (record === null) return null;
  for (const name of names) {
    const number = asNumber(record[name]);
    if (number !== null && Object.hasOwn(record, name)) return number;
  }
  return null;
}

/** A value that may have been written as JSON text: an object or array inside a string is parsed (twice-encoded text too),
 * anything else comes back as it is. */
export function parseEmbedded(value: unknown): unknown {
  let current = value;
  for (let depth = 0; depth < 3 && typeof current === "string" && /^\s*[[{"]/.test(current); depth++) {
    try {
      current = JSON.parse(current);
    } catch {
      return current;
    }
  }
  return current;
}

/** JSON text of any value; null where there is none (undefined, functions, nesting too deep to write). */
export function toJson(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return withBigInts(value);
  }
}

/** Big integers come from Parquet alone; asking every value whether it is one would take longer than writing it. */
function withBigInts(value: unknown): string | null {
  try {
    return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? Number(item) : item)) ?? null;
  } catch {
    return null;
  }
}
