import { asString } from "../../sources/json-access.js";
import type { PriceEntry } from "../price-entry.js";
import type { ModelAlias } from "../price-list.js";

/** What was read from a price file. */
export interface ReadPrices {
  entries: PriceEntry[];
  aliases: ModelAlias[];
  /** Date or version that the file gives itself; null where it gives none. */
  version: string | null;
  /** What of it could not be used. `reason` is a code that can be counted. */
  ignored: Array<{ key: string; reason: string }>;
}

/** No model costs more than this, USD per million tokens; a higher figure was written per thousand or per million tokens. */
export const MAX_USD_PER_MTOK = 1_000;

/** Whether a rate can be one: USD per million tokens, 0 to 1,000. */
export function isPlausible(rate: unknown): boolean {
  return typeof rate === "number" && rate >= 0 && rate <= MAX_USD_PER_MTOK;
}

/** USD per million tokens of USD per token, without the digits that the multiplication adds (2.5e-7 is 0.25). */
export function usdPerMTok(usdPerToken: number): number {
  return Number((usdPerToken * 1e6).toPrecision(12));
}

/** The day that a date or time begins with, YYYY-MM-DD; null when it is none. */
export function dayOf(value: unknown): string | null {
  const text = asString(value);
  if (text === null || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const day = text.slice(0, 10);
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? null : day;
}
