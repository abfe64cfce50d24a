import type { TokenUsage } from "../tokens/token-usage.js";
import type { PriceBook } from "./price-book.js";
import { applyRates, type RateCard, type TokenRates } from "./rate-card.js";

/** Requests without a price, summed by provider, model and reason: a row of unpriced-groups.sql. */
export interface UnpricedGroup {
  provider: string | null;
  model: string;
  /** The price_source: unknown_model, unknown_tier, unpriced_unit, no_usage, ... */
  reason: string;
  requests: number;
  /** Requests of them whose tokens nobody counted. */
  requests_without_tokens: number;
  input_uncached_tokens: number;
  input_cache_read_tokens: number;
  input_cache_write_5m_tokens: number;
  input_cache_write_1h_tokens: number;
  output_text_tokens: number;
  output_reasoning_tokens: number;
}

/** A group, its share of all tokens, and the most that it can have cost. */
export interface UnpricedModel {
  provider: string | null;
  model: string;
  reason: string;
  requests: number;
  tokens: number;
  /** Of the tokens of all requests, priced or not; NULL when there are none. */
  share_of_tokens: number | null;
  /** USD at the dearest known price of the provider; NULL when that can't be said. */
  high_usd: number | null;
  /** The model whose price that is, or why there is no bound. */
  high_basis: string;
}

/** A total that isn't known to the cent: what is known, and the most that it can be. */
export interface UnpricedRange {
  /** By falling number of tokens. */
  models: UnpricedModel[];
  requests: number;
  tokens: number;
  share_of_tokens: number | null;
  /** USD of the priced requests alone. */
  low_usd: number;
  /** low_usd and every group's high_usd; NULL when a group has no bound: the total is then "at least low_usd". */
  high_usd: number | null;
}

/** Make a total a range where some of its requests have no price. Low counts them as nothing; high charges each group at the dearest
 * standard price that any list has for a model of the same provider, at its dearest prompt size. A group without token counts, without
 * a provider or of a provider without any list has no bound, and neither has the total then.
 * @param priced USD and tokens of the requests that have a price
 * @param at microseconds since 1970, UTC: prices of that moment */
export function unpricedRange(
  groups: readonly UnpricedGroup[],
  priced: { usd: number; tokens: number },
  book: PriceBook,
  at: number,
): UnpricedRange {
  const unpricedTokens = groups.reduce((sum, group) => sum + tokensOf(group), 0);
  const share = (tokens: number) => {
    const all = priced.tokens + unpricedTokens;
    return all > 0 ? tokens / all : null;
  };
  const cards = new Map<string, RateCard[]>();
  const cardsOf = (provider: string) => {
    const known = cards.get(provider) ?? dearestCards(book, provider, at);
    cards.set(provider, known);
    return known;
  };
  const models = groups
    .map((group) => {
      const { provider, model, reason, requests } = group;
      const tokens = tokensOf(group);
      return {
        provider,
        model,
        reason,
        requests,
        tokens,
        share_of_tokens: share(tokens),
        ...highOf(group, cardsOf),
      };
    })
    .sort((a, b) => b.tokens - a.tokens || b.requests - a.requests);
  return {
    models,
    requests: models.reduce((sum, { requests }) => sum + requests, 0),
    tokens: unpricedTokens,
    share_of_tokens: share(unpricedTokens),
    low_usd: priced.usd,
    high_usd: models.reduce<number | null>(
      (sum, { high_usd: high }) => (sum === null || high === null ? null : sum + high),
      priced.usd,
    ),
  };
}

function highOf(
  group: UnpricedGroup,
  cardsOf: (provider: string) => RateCard[],
): Pick<UnpricedModel, "high_usd" | "high_basis"> {
  if (group.requests_without_tokens > 0)
    return { high_usd: null, high_basis: `${group.requests_without_tokens} requests have no token counts` };
  if (group.provider === null) return { high_usd: null, high_basis: "the provider isn't known" };
  let dearest: { usd: number; model: string } | null = null;
  for (const card of cardsOf(group.provider)) {
    const cost = applyRates(card, usageOf(group));
    if ("failure" in cost) continue;
    const usd = cost.usd + card.perRequestUsd * (group.requests - 1);
    if (dearest === null || usd > dearest.usd) dearest = { usd, model: card.modelKey };
  }
  return dearest === null
    ? { high_usd: null, high_basis: `no list has a price of ${group.provider}` }
    : {
        high_usd: dearest.usd,
        high_basis: `${dearest.model}, the dearest of ${group.provider} for these tokens`,
      };
}

/** The standard cards of a provider's models, each reduced to the dearest rates of its prompt sizes. */
function dearestCards(book: PriceBook, provider: string, at: number): RateCard[] {
  return book.modelsOf(provider).flatMap((model) => {
    const card = book.rateCard({ provider, model, createdAt: at });
    return "reason" in card || card.provider !== provider
      ? []
      : [{ ...card, tiers: [{ minInputTokens: 0, usdPerMTok: highestRates(card) }] }];
  });
}

function highestRates({ tiers }: RateCard): TokenRates {
  const kinds = Object.keys(tiers[0]!.usdPerMTok) as Array<keyof TokenRates>;
  return Object.fromEntries(
    kinds.map((kind) => {
      const rates = tiers.flatMap(({ usdPerMTok }) => usdPerMTok[kind] ?? []);
      return [kind, rates.length > 0 ? Math.max(...rates) : null];
    }),
  ) as unknown as TokenRates;
}

function usageOf(group: UnpricedGroup): TokenUsage {
  return {
    inputUncached: group.input_uncached_tokens,
    inputCacheRead: group.input_cache_read_tokens,
    inputCacheWrite5m: group.input_cache_write_5m_tokens,
    inputCacheWrite1h: group.input_cache_write_1h_tokens,
    outputText: group.output_text_tokens,
    outputReasoning: group.output_reasoning_tokens,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  };
}

function tokensOf(group: UnpricedGroup): number {
  return (
    group.input_uncached_tokens +
    group.input_cache_read_tokens +
    group.input_cache_write_5m_tokens +
    group.input_cache_write_1h_tokens +
    group.output_text_tokens +
    group.output_reasoning_tokens
  );
}
