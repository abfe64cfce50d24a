/** How a request was served, as far as its price depends on it. Providers have more of them than these. */
export const Tier = {
  standard: "standard",
  batch: "batch",
  flex: "flex",
  priority: "priority",
  /** Anthropic's fast mode. */
  fast: "fast",
} as const;
export type Tier = (typeof Tier)[keyof typeof Tier] | (string & {});

/** The tier of a logged request. `auto` and `default` are what was asked, not a tier of their own.
 * @param serviceTier as logged */
export function tierOf(serviceTier: string | null, isBatch: boolean): Tier {
  if (isBatch) return Tier.batch;
  const tier = (serviceTier ?? "").trim().toLowerCase();
  return STANDARD_NAMES.has(tier) ? Tier.standard : tier;
}

/** What the provider's documentation makes of the standard price at a tier: factors of every token rate and of cache reads.
 * @param provider genai-prices id
 * @returns null where the tier has prices of its own, or none are known */
export function documentedDiscount(
  tier: Tier,
  provider: string,
  model: string,
): { factor: number; cacheReadFactor: number } | null {
  if (tier === Tier.standard) return { factor: 1, cacheReadFactor: 1 };
  if (tier === Tier.batch && HALF_PRICE_BATCH.has(provider)) {
    // Google: "the discounts for cache and batch don't stack", the cache's takes precedence.
    const isGemini = provider === "google" && /gemini/i.test(model);
    return { factor: 0.5, cacheReadFactor: isGemini ? 1 : 0.5 };
  }
  if (tier === Tier.flex && HALF_PRICE_FLEX.has(provider)) return { factor: 0.5, cacheReadFactor: 0.5 };
  // Groq's flex is a matter of capacity, not of price.
  return tier === Tier.flex && provider === "groq" ? { factor: 1, cacheReadFactor: 1 } : null;
}

const STANDARD_NAMES = new Set([
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

/** Providers whose documentation gives batch jobs half the list price. */
const HALF_PRICE_BATCH = new Set(["openai", "azure", "anthropic", "google", "aws", "mistral", "groq"]);

/** Providers whose documentation gives flex processing half the list price. */
const HALF_PRICE_FLEX = new Set(["openai", "google"]);
