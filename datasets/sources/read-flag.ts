import { printed } from "./json-access.js";

/** A yes or no as exports write it: JSON's and Python's booleans, Postgres' t and f, spreadsheets' TRUE, ClickHouse's 1 and 0, as value or
 * text.
 * @returns null for anything else */
export function readFlag(value: unknown): boolean | null {
  const word = printed(value ?? "").toLowerCase();
  if (/^(true|t|yes|1)$/.test(word)) return true;
  return /^(false|f|no|0)$/.test(word) ? false : null;
}
