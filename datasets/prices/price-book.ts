import { calcPrice, type Provider, type Usage } from "@pydantic/genai-prices";
import { inputTotal, outputTotal, type TokenUsage } from "../tokens/token-usage.js";
import { findOverride } from "./override-prices.js";
import { canonicalProvider } from "./provider-names.js";
import { rateCard } from "./rate-card.js";
import { resolveModel } from "./resolve-model.js";

/** One request to price. */
export interface PriceQuery {
  /** Provider as logged or as genai-prices id; null when unknown. */
  provider: string | null;
  /** Model name as logged or canonical. */
  model: string;
  /** Address that the request went to; names the provider when `provider` doesn't. */
  providerApiUrl?: string | null;
  usage: TokenUsage;
  /** Microseconds since 1970, UTC: prices are those of that moment. */
  createdAt: number;
  serviceTier?: string | null;
  isBatch?: boolean | null;
}

/** A list price, or why there is none. Unknown is null, never 0. */
export type Price =
  | {
      usd: number;
      /** `genai-prices` or `override`, then what was assumed: `+batch50` or `+flex50` (half the list price, as the provider
       * documents), `+vendor-list` (the maker's list stands in for the serving cloud's), `+text-rate` (audio at the text price). */
      priceSource: string;
      /** Day that the price is valid for, YYYY-MM-DD. */
      priceDate: string;
      /** The price book's own id of the model. */
      modelKey: string;
      provider: string;
    }
  | {
      usd: null;
      priceSource: "unknown_model" | "unknown_tier" | "unpriced_unit" | "invalid_usage";
      priceDate: null;
      modelKey: null;
      provider: string | null;
    };

/** Price a request at the list price of its day. Never throws.
 * The prices are genai-prices' (inside the package, no network), corrected by the dated rows of overrides.json. */
export function priceRequest(query: PriceQuery): Price {
  const provider = canonicalProvider(query.provider);
  const tier = tierOf(query.serviceTier ?? null, query.isBatch ?? false);
  const timestamp = new Date(query.createdAt / 1000);
  if (Number.isNaN(timestamp.getTime())) return unpriced("invalid_usage", provider);
  const day = timestamp.toISOString().slice(0, 10);
  const override = findOverride({
    model: query.model,
    provider,
    serviceTier: isStandard(tier) ? null : tier,
    day,
  });
  const listed = override ?? resolveModel(query.model, provider, query.providerApiUrl ?? null);
  if (listed === null) return unpriced("unknown_model", provider);
  const discount = tierDiscount(tier, listed.provider.id);
  if (discount === null && (override === null || isStandard(override.price.service_tier)))
    return unpriced("unknown_tier", provider);
  const cost = calculate(query.usage, listed.name, listed.provider, timestamp);
  if ("failure" in cost) return unpriced(cost.failure, provider);
  const isHalf = discount === 0.5;
  const notes = [
    override === null ? "genai-prices" : "override",
    ...("isVendorList" in listed && listed.isVendorList ? ["vendor-list"] : []),
    ...(isHalf ? [`${tier}50`] : []),
    ...(cost.isTextRate ? ["text-rate"] : []),
  ];
  return {
    usd: isHalf ? cost.usd / 2 : cost.usd,
    priceSource: notes.join("+"),
    priceDate: day,
    modelKey: override === null ? cost.modelId : query.model,
    provider: listed.provider.id,
  };
}

/** Standard list price of a model per million tokens, for planning; null when it isn't listed or has no token price.
 * Prices that rise with the size of the prompt are given at their base.
 * @param at microseconds since 1970, UTC */
export function listPrice(
  model: string,
  provider: string | null,
  at: number,
): { inputUsdPerMtok: number; outputUsdPerMtok: number; contextWindow: number | null } | null {
  const timestamp = new Date(at / 1000);
  if (Number.isNaN(timestamp.getTime())) return null;
  const listed = resolveModel(model, provider);
  const override = findOverride({
    model,
    provider: canonicalProvider(provider),
    serviceTier: null,
    day: timestamp.toISOString().slice(0, 10),
  });
  const chosen = override ?? listed;
  const priced = chosen && calcPrice({}, chosen.name, { provider: chosen.provider, timestamp });
  const input = basePrice(priced?.model_price.input_mtok);
  const output = basePrice(priced?.model_price.output_mtok);
  if (input === null && output === null) return null;
  return {
    inputUsdPerMtok: input ?? 0,
    outputUsdPerMtok: output ?? 0,
    contextWindow: listed?.model.context_window ?? null,
  };
}

type Tier = "standard" | "batch" | "flex" | (string & {});

const STANDARD_TIERS = new Set([
  "",
  "auto",
  "default",
  "standard",
  "on_demand",
  "on-demand",
  "ondemand",
  "standard_only",
  "unspecified",
]);

function tierOf(serviceTier: string | null, isBatch: boolean): Tier {
  if (isBatch) return "batch";
  const tier = (serviceTier ?? "").trim().toLowerCase();
  return STANDARD_TIERS.has(tier) ? "standard" : tier;
}

function isStandard(tier: string | null): boolean {
  return tier === null || tier === "standard" || tier === "batch" || tier === "flex";
}

/** Providers whose documentation gives batch jobs half the list price. */
const HALF_PRICE_BATCH = new Set(["openai", "azure", "anthropic", "google", "aws", "mistral", "groq"]);

/** 1 for the list price, 0.5 where half of it is documented, null where the tier has a price of its own. */
function tierDiscount(tier: Tier, provider: string): number | null {
  if (tier === "standard") return 1;
  if (tier === "batch") return HALF_PRICE_BATCH.has(provider) ? 0.5 : null;
  // OpenAI bills flex at its batch rates; Groq's flex is a matter of capacity, not of price.
  if (tier === "flex") return provider === "openai" ? 0.5 : provider === "groq" ? 1 : null;
  return null;
}

type Cost =
  | { usd: number; modelId: string; isTextRate: boolean }
  | { failure: "unpriced_unit" | "invalid_usage" };

function calculate(usage: TokenUsage, name: string, provider: Provider, timestamp: Date): Cost {
  const inputs = [
    usage.inputUncached,
    usage.inputCacheRead,
    usage.inputCacheWrite5m,
    usage.inputCacheWrite1h,
  ];
  const outputs = [usage.outputText, usage.outputReasoning];
  if (![...inputs, ...outputs].every((count) => count >= 0 && Number.isFinite(count)))
    return { failure: "invalid_usage" };
  const card = usage.inputAudio || usage.outputAudio ? null : rateCard(provider, name);
  if (card === null) return calculateExactly(usage, name, provider, timestamp);
  const usd =
    card.perRequest +
    sumProducts(inputs, [card.input, card.cacheRead, card.cacheWrite5m, card.cacheWrite1h]) +
    sumProducts(outputs, [card.output, card.reasoning]);
  return Number.isNaN(usd) ? { failure: "unpriced_unit" } : { usd, modelId: card.modelId, isTextRate: false };
}

/** NaN when there are tokens of a kind without a price. */
function sumProducts(counts: number[], rates: (number | null)[]): number {
  return counts.reduce((sum, count, i) => sum + (count === 0 ? 0 : count * (rates[i] ?? Number.NaN)), 0);
}

function calculateExactly(usage: TokenUsage, name: string, provider: Provider, timestamp: Date): Cost {
  const text: Usage = {
    input_tokens: inputTotal(usage),
    output_tokens: outputTotal(usage),
    cache_read_tokens: usage.inputCacheRead,
    cache_write_tokens: usage.inputCacheWrite5m + usage.inputCacheWrite1h,
    cache_write_1h_tokens: usage.inputCacheWrite1h,
    output_reasoning_tokens: usage.outputReasoning,
  };
  const audio = { input_audio_tokens: usage.inputAudio ?? 0, output_audio_tokens: usage.outputAudio ?? 0 };
  const hasAudio = audio.input_audio_tokens + audio.output_audio_tokens > 0;
  const exact = attempt(hasAudio ? { ...text, ...audio } : text, name, provider, timestamp);
  // genai-prices refuses audio beside cached tokens unless the cached audio is known, and no usage object says so.
  const priced = exact ?? (hasAudio ? attempt(text, name, provider, timestamp) : null);
  if (priced === null) return { failure: "invalid_usage" };
  const { input_mtok: inputPrice, output_mtok: outputPrice } = priced.model_price;
  const lacksAudioPrice =
    (audio.input_audio_tokens > 0 && priced.model_price.input_audio_mtok === undefined) ||
    (audio.output_audio_tokens > 0 && priced.model_price.output_audio_mtok === undefined);
  const isUnpriced =
    (inputPrice === undefined && text.input_tokens! > 0) ||
    (outputPrice === undefined && text.output_tokens! > 0);
  return isUnpriced
    ? { failure: "unpriced_unit" }
    : { usd: priced.total_price, modelId: priced.model.id, isTextRate: exact === null || lacksAudioPrice };
}

function attempt(usage: Usage, name: string, provider: Provider, timestamp: Date) {
  try {
    return calcPrice(usage, name, { provider, timestamp });
  } catch {
    return null;
  }
}

function unpriced(
  priceSource: "unknown_model" | "unknown_tier" | "unpriced_unit" | "invalid_usage",
  provider: string | null,
): Price {
  return { usd: null, priceSource, priceDate: null, modelKey: null, provider };
}

function basePrice(price: number | { base: number } | undefined): number | null {
  return price === undefined ? null : typeof price === "number" ? price : price.base;
}
