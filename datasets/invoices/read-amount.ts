import { asNumber } from "../sources/json-access.js";

/** A figure of a bill: a number, or text as spreadsheets write it: "$1,234.56", "-$2.00", "(2.00)" for a negative one, any
 * number of decimals. Commas are only taken as thousands separators where they stand every three digits.
 * @returns null for an absent figure and for text that isn't one */
export function readAmount(value: unknown): number | null {
  if (typeof value !== "string") return asNumber(value);
  const bracketed = /^\((.*)\)$/.exec(value.trim());
  const text = (bracketed ? `-${bracketed[1]}` : value.trim()).replace(/^([+-]?)\s*(?:US)?[$¥]\s*/, "$1");
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  return asNumber(plain);
}
