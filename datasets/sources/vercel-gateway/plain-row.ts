import { asNumber, asRecord, asString, asText } from "../json-access.js";

/** The fields of a row by plain name: small letters and digits, so that `aiRequestDurationMs`, "Input Tokens" and `tokens.input` can be
 * looked up whoever wrote the heading. Empty fields are left out. */
export type PlainRow = ReadonlyMap<string, unknown>;

/** A record as a plain row, one level of nesting folded in; null when the value is no object. */
export function plainRow(value: unknown): PlainRow | null {
  const record = asRecord(value);
  if (record === null) return null;
  const row = new Map<string, unknown>();
  for (const [name, field] of Object.entries(record)) {
    const nested = asRecord(field);
    if (nested === null) setPlain(row, name, field);
    else for (const [inner, item] of Object.entries(nested)) setPlain(row, `${name}${inner}`, item);
  }
  return row;
}

/** The first of the named fields that is there. */
export function fieldOf(row: PlainRow, names: readonly string[]): unknown {
  return names.map((name) => row.get(name)).find((value) => value !== undefined);
}

/** The first of the named fields as text. */
export function textOf(row: PlainRow, names: readonly string[]): string | null {
  return asString(asText(fieldOf(row, names)));
}

/** The first of the named fields as a number, as people read them too: "1,234", "$0.0045". */
export function numberOf(row: PlainRow, names: readonly string[]): number | null {
  const value = fieldOf(row, names);
  if (typeof value !== "string") return asNumber(value);
  return asNumber(
    value
      .trim()
      .replace(/^\$/, "")
      .replace(/,(?=\d{3}(\D|$))/g, ""),
  );
}

/** The first of the named fields as milliseconds: a number is one already, "2.4s" and "410 ms" say their unit. */
export function durationMsOf(row: PlainRow, names: readonly string[]): number | null {
  const [, number, unit] = /^\s*([\d.,]+)\s*(ms|s)\s*$/.exec(textOf(row, names) ?? "") ?? [];
  if (number === undefined) return numberOf(row, names);
  const duration = asNumber(number.replaceAll(",", ""));
  return duration === null ? null : duration * (unit === "s" ? 1000 : 1);
}

function setPlain(row: Map<string, unknown>, name: string, value: unknown): void {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (value !== null && value !== "" && !row.has(plain)) row.set(plain, value);
}
