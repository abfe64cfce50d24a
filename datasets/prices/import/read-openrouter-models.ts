import { asNumber, asRecord, asRecords, asString, type JsonRecord } from "../../sources/json-access.js";
import type { PriceEntry } from "../price-entry.js";
import { isPlausible, type ReadPrices, usdPerMTok } from "./read-prices.js";

/** Read OpenRouter's list of models (GET /api/v1/models): USD per token as text, for the host that a model's page shows. A router has
 * -1 for a price, and a `:free` model 0, which needs no list. */
export function readOpenrouterModels(file: JsonRecord): ReadPrices {
  const read: ReadPrices = { entries: [], aliases: [], version: null, ignored: [] };
  for (const model of asRecords(file.data)) {
    const key = asString(model.id);
    const entry = key === null ? "no_model" : readModel(key, model);
    if (typeof entry === "string") read.ignored.push({ key: key ?? "without an id", reason: entry });
    else read.entries.push(entry);
  }
  return read;
}

/** Whether a document has this format. */
export function isOpenrouterModels(file: JsonRecord): boolean {
  return asRecords(file.data).some((model) => asString(asRecord(model.pricing)?.prompt) !== null);
}

function readModel(key: string, model: JsonRecord): PriceEntry | string {
  const pricing = asRecord(model.pricing);
  const perMTok = (field: string) => {
    const usd = asNumber(pricing?.[field]);
    return usd === null ? null : usdPerMTok(usd);
  };
  const input = perMTok("prompt");
  const output = perMTok("completion");
  if (input === null || output === null || input < 0 || output < 0) return "no_token_price";
  if (!isPlausible(input) || !isPlausible(output)) return "implausible_price";
  if (input === 0 && output === 0) return "zero_price";
  const optional = {
    cache_read: perMTok("input_cache_read"),
    cache_write_5m: perMTok("input_cache_write"),
    reasoning: perMTok("internal_reasoning"),
    input_audio: perMTok("audio"),
    per_request_usd: asNumber(pricing?.request),
    per_web_search_usd: asNumber(pricing?.web_search),
  };
  const stated = Object.entries(optional).filter(
    ([, value]) => value !== null && value > 0 && isPlausible(value),
  );
  const slug = asString(model.canonical_slug);
  return {
    provider: "openrouter",
    models: slug === null || slug === key || key.includes(":") ? [key] : [key, slug],
    service_tier: null,
    valid_from: null,
    valid_to: null,
    input,
    output,
    ...Object.fromEntries(stated),
    key,
  };
}
