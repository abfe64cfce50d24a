import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Provider } from "@pydantic/genai-prices";
import { packageRoot } from "../package-root.js";
import { modelSpellings, splitPrefix } from "./model-spellings.js";
import { canonicalProvider } from "./provider-names.js";

/** One row of overrides.json: USD per million tokens between two dates. */
interface OverridePrice {
  /** genai-prices provider id. */
  provider: string;
  /** Regular expression over the whole model name. */
  model: string;
  /** The service tier that it is for; null is the standard tier. */
  service_tier: string | null;
  /** YYYY-MM-DD, inclusive. */
  valid_from: string;
  /** YYYY-MM-DD, exclusive; null while it holds. */
  valid_to: string | null;
  input: number;
  output: number;
  cache_read?: number;
  cache_write_5m?: number;
  cache_write_1h?: number;
  /** Where the figure was read, and when. */
  source: string;
}

/** An override in the form that genai-prices calculates with. */
export interface ResolvedOverride {
  price: OverridePrice;
  provider: Provider;
  name: string;
}

/** The override for a model at a date, if there is one. `provider` null takes the provider named in the model, or any.
 * @param day YYYY-MM-DD */
export function findOverride(options: {
  model: string;
  provider: string | null;
  serviceTier: string | null;
  day: string;
}): ResolvedOverride | null {
  const rows = rowsFor(options.model, options.provider);
  const row = rows.find(
    ({ price }) =>
      price.service_tier === options.serviceTier &&
      price.valid_from <= options.day &&
      (price.valid_to === null || options.day < price.valid_to),
  );
  return row ?? null;
}

const MAX_KEPT = 20_000;
const found = new Map<string, ResolvedOverride[]>();
let prices: { price: OverridePrice; pattern: RegExp }[] | null = null;

function rowsFor(model: string, loggedProvider: string | null): ResolvedOverride[] {
  const key = `${loggedProvider ?? ""}\n${model}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const provider = canonicalProvider(loggedProvider);
  const names = modelSpellings(model).flatMap((name) => {
    const split = splitPrefix(name);
    const named = split && canonicalProvider(split.prefix);
    return split && named !== null && (provider === null || provider === named) ? [name, split.rest] : [name];
  });
  const rows = loadPrices()
    .filter(
      ({ price, pattern }) =>
        (provider === null || price.provider === provider) && names.some((name) => pattern.test(name)),
    )
    .map(({ price }) => toProvider(price));
  if (found.size >= MAX_KEPT) found.clear();
  found.set(key, rows);
  return rows;
}

function loadPrices(): { price: OverridePrice; pattern: RegExp }[] {
  if (prices === null) {
    const file = JSON.parse(readFileSync(join(packageRoot, "datasets/prices/overrides.json"), "utf8")) as {
      prices: OverridePrice[];
    };
    prices = file.prices.map((price) => ({ price, pattern: new RegExp(`^(?:${price.model})$`, "i") }));
  }
  return prices;
}

function toProvider(price: OverridePrice): ResolvedOverride {
  const name = "override";
  const model = {
    id: name,
    match: { equals: name },
    prices: {
      input_mtok: price.input,
      output_mtok: price.output,
      ...(price.cache_read !== undefined && { cache_read_mtok: price.cache_read }),
      ...(price.cache_write_5m !== undefined && { cache_write_mtok: price.cache_write_5m }),
      ...(price.cache_write_1h !== undefined && { cache_write_1h_mtok: price.cache_write_1h }),
    },
  };
  return {
    price,
    name,
    provider: { id: price.provider, name: price.provider, api_pattern: "^$", models: [model] },
  };
}
