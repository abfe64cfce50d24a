import { asNumber, asRecords, asString, type JsonRecord } from "../../sources/json-access.js";
import type { PriceEntry } from "../price-entry.js";
import { canonicalProvider } from "../provider-names.js";
import { dayOf, isPlausible, type ReadPrices } from "./read-prices.js";

/** Read a price history in the format of llm-prices: USD per million tokens with from_date and to_date, either one vendor's file
 * ({vendor, models: [{id, price_history}]}) or all in one ({prices: [{id, vendor, input, output, ...}]}).
 * An id like `gemini-2.5-pro-200k` beside `gemini-2.5-pro` is the price of prompts above 200,000 tokens. */
export function readLlmPrices(file: JsonRecord): ReadPrices {
  const read: ReadPrices = { entries: [], aliases: [], version: dayOf(file.updated_at), ignored: [] };
  const vendor = asString(file.vendor);
  const rows: JsonRecord[] = [
    ...asRecords(file.prices),
    ...asRecords(file.models).flatMap((model) =>
      asRecords(model.price_history).map((price) => ({ ...price, id: model.id })),
    ),
  ];
  for (const row of rows) {
    const entry = readRow(row, asString(row.vendor) ?? vendor);
    if (typeof entry === "string")
      read.ignored.push({ key: asString(row.id) ?? "without an id", reason: entry });
    else read.entries.push(entry);
  }
  return { ...read, entries: foldLongPrompts(read.entries) };
}

/** Whether a document has this format. */
export function isLlmPrices(file: JsonRecord): boolean {
  const first = asRecords(file.prices)[0];
  return (asString(file.vendor) !== null && Array.isArray(file.models)) || asString(first?.vendor) !== null;
}

/** llm-prices' vendors that go by another name with us. */
const VENDORS: ReadonlyMap<string, string> = new Map([["moonshot-ai", "moonshotai"]]);

function readRow(row: JsonRecord, vendor: string | null): PriceEntry | string {
  const id = asString(row.id);
  if (id === null || vendor === null) return "no_model";
  const input = asNumber(row.input);
  const output = asNumber(row.output);
  const cached = asNumber(row.input_cached);
  if (input === null || output === null) return "no_token_price";
  if (!isPlausible(input) || !isPlausible(output) || !isPlausible(cached ?? 0)) return "implausible_price";
  if (input === 0 && output === 0) return "zero_price";
  const [from, to] = [row.from_date ?? null, row.to_date ?? null];
  if ((from !== null && dayOf(from) === null) || (to !== null && dayOf(to) === null)) return "bad_date";
  return {
    provider: canonicalProvider(VENDORS.get(vendor) ?? vendor),
    models: [id],
    service_tier: null,
    valid_from: dayOf(from),
    valid_to: dayOf(to),
    input,
    output,
    ...(cached !== null && { cache_read: cached }),
    key: id,
  };
}

function foldLongPrompts(entries: readonly PriceEntry[]): PriceEntry[] {
  const folded = entries.map((entry) => ({ ...entry }));
  return folded.filter((entry) => {
    const [, base, thousands] = /^(.+)-(\d{3})k$/.exec(entry.models[0]!) ?? [];
    const shorter = folded.find(
      ({ models, valid_from: from, valid_to: to }) =>
        models[0] === base && from === entry.valid_from && to === entry.valid_to,
    );
    if (shorter === undefined) return true;
    const { input, output, cache_read: cacheRead } = entry;
    shorter.tiers = [
      ...(shorter.tiers ?? []),
      {
        above_input_tokens: Number(thousands) * 1000,
        ...(input !== undefined && { input }),
        ...(output !== undefined && { output }),
        ...(cacheRead !== undefined && { cache_read: cacheRead }),
      },
    ];
    return false;
  });
}
