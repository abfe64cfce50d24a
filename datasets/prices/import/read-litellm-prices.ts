import { asNumber, asRecord, asString, type JsonRecord } from "../../sources/json-access.js";
import { splitPrefix } from "../model-spellings.js";
import type { EntryRates, PriceEntry } from "../price-entry.js";
import { canonicalProvider } from "../provider-names.js";
import { documentedDiscount } from "../service-tier.js";
import { dayOf, isPlausible, type ReadPrices, usdPerMTok } from "./read-prices.js";

/** Read LiteLLM's model_prices_and_context_window.json: USD per token under each model's name, with the prices of batch, priority,
 * flex and fast requests, of long prompts (`..._above_200k_tokens`, `tiered_pricing`), of cache reads and writes, audio, images and reasoning.
 *
 * A model without any token price is left out, and so is one whose token prices are all 0: LiteLLM writes 0 for models that it
 * has no price for as well as for free ones. A cache write at 0 beside a priced input counts as not stated. */
export function readLitellmPrices(file: JsonRecord): ReadPrices {
  const read: ReadPrices = { entries: [], aliases: [], version: dayOf(file.last_updated), ignored: [] };
  for (const [key, value] of Object.entries(file)) {
    const model = asRecord(value);
    if (key === "sample_spec" || (model === null && typeof value === "string")) continue;
    const entries = model === null ? "not_an_object" : readModel(key, model);
    if (typeof entries === "string") read.ignored.push({ key, reason: entries });
    else read.entries.push(...entries);
  }
  return read;
}

function readModel(key: string, model: JsonRecord): PriceEntry[] | string {
  const litellmProvider = asString(model.litellm_provider);
  const provider = litellmProvider && canonicalProvider(litellmProvider.replace(/-embedding-models$/, ""));
  if (!provider) return "no_provider";
  const standard = readRates(model, "");
  const tiers = readTiers(model, "");
  const base = tiers.find(({ above_input_tokens: above }) => above === 0);
  const rates = base === undefined ? standard : { ...standard, ...withoutBound(base) };
  const longer = tiers.filter(({ above_input_tokens: above }) => above > 0);
  const stated = [rates, ...longer.map(withoutBound)].flatMap((values) => Object.values(values));
  if (rates.input === undefined && rates.output === undefined) return "no_token_price";
  if (!stated.every(isPlausible)) return "implausible_price";
  if (Object.values(rates).every((value) => value === 0)) return "zero_price";
  const common = {
    provider,
    models: [withoutProvider(key, provider, litellmProvider!)],
    valid_from: null,
    valid_to: null,
    key,
  };
  const fee = asNumber(model.input_cost_per_request);
  return [
    {
      ...common,
      service_tier: null,
      ...rates,
      ...(longer.length > 0 && { tiers: longer }),
      ...(fee !== null && fee > 0 && { per_request_usd: fee }),
      ...readSearchFee(model),
    },
    ...tierEntry(common, "priority", readRates(model, "_priority"), readTiers(model, "_priority")),
    ...tierEntry(common, "flex", readRates(model, "_flex"), readTiers(model, "_flex")),
    ...fastEntry(common, rates, model),
    ...batchEntry(common, rates, longer, readRates(model, "_batches")),
  ];
}

type Tiers = NonNullable<PriceEntry["tiers"]>;
type Common = Pick<PriceEntry, "provider" | "models" | "valid_from" | "valid_to" | "key">;

/** LiteLLM's names of the rates. The suffix of the service tier comes last. */
const RATES: ReadonlyArray<readonly [keyof EntryRates, string]> = [
  ["input", "input_cost_per_token"],
  ["output", "output_cost_per_token"],
  ["cache_read", "cache_read_input_token_cost"],
  ["cache_write_5m", "cache_creation_input_token_cost"],
  ["cache_write_1h", "cache_creation_input_token_cost_above_1hr"],
  ["reasoning", "output_cost_per_reasoning_token"],
  ["input_audio", "input_cost_per_audio_token"],
  ["output_audio", "output_cost_per_audio_token"],
  ["cache_read_audio", "cache_read_input_audio_token_cost"],
  ["input_image", "input_cost_per_image_token"],
  ["output_image", "output_cost_per_image_token"],
];

function readRates(model: JsonRecord, suffix: string): EntryRates {
  const rates: EntryRates = {};
  for (const [name, field] of RATES) {
    const usd = asNumber(model[`${field}${suffix}`]);
    const isUnstated = usd === 0 && name.startsWith("cache_write");
    if (usd !== null && !isUnstated) rates[name] = usdPerMTok(usd);
  }
  const cacheHit = suffix === "" ? asNumber(model.input_cost_per_token_cache_hit) : null;
  if (cacheHit !== null) rates.cache_read ??= usdPerMTok(cacheHit);
  return rates;
}

/** Rates of long prompts, from `<rate>_above_<N>k_tokens` and from `tiered_pricing`, whose first range starts at 0. */
function readTiers(model: JsonRecord, suffix: string): Tiers {
  const tiers = new Map<number, EntryRates>();
  for (const field of Object.keys(model)) {
    const [, rate, thousands, tier] = /^(.+)_above_(\d+)k_tokens(_\w+)?$/.exec(field) ?? [];
    if (rate === undefined || (tier ?? "") !== suffix) continue;
    const name = RATES.find(([, known]) => known === rate)?.[0];
    const usd = asNumber(model[field]);
    if (name === undefined || usd === null) continue;
    const above = Number(thousands) * 1000;
    tiers.set(above, { ...tiers.get(above), [name]: usdPerMTok(usd) });
  }
  const ranges = suffix === "" && Array.isArray(model.tiered_pricing) ? model.tiered_pricing : [];
  for (const range of ranges) {
    const record = asRecord(range);
    const above = Array.isArray(record?.range) ? asNumber(record.range[0]) : null;
    if (record !== null && above !== null && above >= 0) tiers.set(Math.round(above), readRates(record, ""));
  }
  return [...tiers]
    .sort(([a], [b]) => a - b)
    .map(([above, rates]) => ({ above_input_tokens: above, ...rates }));
}

/** The price of a search, where it doesn't depend on how much of the pages is read. */
function readSearchFee(model: JsonRecord): Pick<PriceEntry, "per_web_search_usd"> {
  const fees = Object.values(asRecord(model.search_context_cost_per_query) ?? {});
  const usd = asNumber(fees[0]);
  return usd !== null && fees.every((fee) => fee === fees[0]) ? { per_web_search_usd: usd } : {};
}

/** A tier's own prices; half of a price (an input without an output) is none. */
function tierEntry(common: Common, tier: string, rates: EntryRates, longer: Tiers): PriceEntry[] {
  if (rates.input === undefined || rates.output === undefined) return [];
  return [{ ...common, service_tier: tier, ...rates, ...(longer.length > 0 && { tiers: longer }) }];
}

/** Anthropic's fast mode multiplies every token rate, at any size of the prompt. */
function fastEntry(common: Common, rates: EntryRates, model: JsonRecord): PriceEntry[] {
  const times = asNumber(asRecord(model.provider_specific_entry)?.fast);
  if (times === null || times <= 0) return [];
  const fast = Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, value * times]));
  return [{ ...common, service_tier: "fast", ...fast }];
}

/** Batch prices are given for input and output alone; what comes from the cache, and long prompts, get the same discount as the input
 * (the output), as the providers' price pages have it; Gemini's cache reads get none. */
function batchEntry(common: Common, rates: EntryRates, longer: Tiers, batch: EntryRates): PriceEntry[] {
  if (batch.input === undefined || !rates.input) return [];
  const inputShare = batch.input / rates.input;
  const outputShare = rates.output && batch.output !== undefined ? batch.output / rates.output : inputShare;
  const cacheDiscount = documentedDiscount("batch", common.provider ?? "", common.key ?? "");
  const cacheShare = cacheDiscount?.cacheReadFactor === 1 ? 1 : inputShare;
  const shareOf = (name: string) =>
    /^(output|reasoning)/.test(name) ? outputShare : name.startsWith("cache_read") ? cacheShare : inputShare;
  const discounted = <Values extends EntryRates>(values: Values): Values =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        name === "above_input_tokens" ? value : value * shareOf(name),
      ]),
    ) as Values;
  return [
    {
      ...common,
      service_tier: "batch",
      ...discounted(rates),
      input: batch.input,
      ...(batch.output !== undefined && { output: batch.output }),
      ...(longer.length > 0 && { tiers: longer.map(discounted) }),
    },
  ];
}

function withoutBound({ above_input_tokens: _, ...rates }: Tiers[number]): EntryRates {
  return rates;
}

/** `gemini/gemini-2.5-pro` of google is `gemini-2.5-pro`; the owner of an open model stays. */
function withoutProvider(key: string, provider: string, litellmProvider: string): string {
  const split = splitPrefix(key);
  const isProvider =
    split !== null && (split.prefix === litellmProvider || canonicalProvider(split.prefix) === provider);
  return isProvider ? split.rest : key;
}
