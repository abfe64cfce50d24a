import type { Rates, TokenRates } from "./rate-card.js";

/** USD per million tokens as price files write them. */
export interface EntryRates {
  input?: number;
  output?: number;
  cache_read?: number;
  cache_write_5m?: number;
  cache_write_1h?: number;
  reasoning?: number;
  input_audio?: number;
  output_audio?: number;
  cache_read_audio?: number;
  input_image?: number;
  output_image?: number;
}

/** One dated price of one or more models: a row of overrides.json, of a contract or of an imported list. */
export interface PriceEntry extends EntryRates {
  /** genai-prices provider id; null fits every provider (contracts only). */
  provider: string | null;
  /** Model names, exact or with `*` for any text; letter case doesn't matter. */
  models: string[];
  /** batch, flex, priority, ...; null is the standard tier, and for a discount every tier. */
  service_tier: string | null;
  /** YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SSZ, inclusive; null when it holds since ever. */
  valid_from: string | null;
  /** The same, exclusive; null while it holds. */
  valid_to: string | null;
  /** Rates of longer prompts: a whole request with more input tokens than this is charged at them. */
  tiers?: Array<EntryRates & { above_input_tokens: number }>;
  /** USD for every request, on top of the tokens. */
  per_request_usd?: number;
  /** USD for one search that the provider made. */
  per_web_search_usd?: number;
  /** Taken off the list price instead of rates of its own: 15 is 15 % less, -10 is 10 % more. */
  discount_percent?: number;
  /** The name under which the list itself has it. */
  key?: string;
  /** Where the figure was read, and when. */
  source?: string;
}

/** The names of the token rates in price files and in rate cards. */
export const rateNames = {
  input: "input",
  output: "output",
  cache_read: "cacheRead",
  cache_write_5m: "cacheWrite5m",
  cache_write_1h: "cacheWrite1h",
  reasoning: "reasoning",
  input_audio: "inputAudio",
  output_audio: "outputAudio",
  cache_read_audio: "cacheReadAudio",
  input_image: "inputImage",
  output_image: "outputImage",
} as const satisfies Record<keyof EntryRates, keyof TokenRates>;

/** The rates of an entry that has its own. A kind of token that it doesn't name is charged as the kind that it is part of: cached
 * input as input, 1-hour writes as 5-minute writes, reasoning as output. */
export function ratesOfEntry(entry: PriceEntry): Rates {
  const base = named(entry);
  const longer = [...(entry.tiers ?? [])].sort((a, b) => a.above_input_tokens - b.above_input_tokens);
  let inherited = base;
  const tiers = longer.map(({ above_input_tokens: above, ...rates }) => {
    inherited = { ...inherited, ...named(rates) };
    return { minInputTokens: above + 1, usdPerMTok: complete(inherited) };
  });
  return {
    perRequestUsd: entry.per_request_usd ?? 0,
    perWebSearchUsd: entry.per_web_search_usd ?? null,
    tiers: [{ minInputTokens: 0, usdPerMTok: complete(base) }, ...tiers],
  };
}

/** Whether an entry has token rates of its own, rather than a discount or a fee on the list's. */
export function hasOwnRates(entry: PriceEntry): boolean {
  return Object.keys(rateNames).some((name) => entry[name as keyof EntryRates] !== undefined);
}

function named(rates: EntryRates): EntryRates {
  return Object.fromEntries(
    Object.keys(rateNames).flatMap((name) => {
      const value = rates[name as keyof EntryRates];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function complete(rates: EntryRates): TokenRates {
  const input = rates.input ?? null;
  const output = rates.output ?? null;
  const cacheWrite5m = rates.cache_write_5m ?? input;
  return {
    input,
    cacheRead: rates.cache_read ?? input,
    cacheWrite5m,
    cacheWrite1h: rates.cache_write_1h ?? cacheWrite5m,
    output,
    reasoning: rates.reasoning ?? output,
    inputAudio: rates.input_audio ?? null,
    cacheReadAudio: rates.cache_read_audio ?? null,
    inputImage: rates.input_image ?? null,
    outputAudio: rates.output_audio ?? null,
    outputImage: rates.output_image ?? null,
  };
}
