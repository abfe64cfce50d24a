import type { PriceBook } from "../../datasets/prices/price-book.js";
import type { RateCard } from "../../datasets/prices/rate-card.js";
import type { PrefixPrices } from "../../models/levers/prefix-value.js";

/** Prices of one range of prompt sizes, USD per token; NaN = unknown. */
export interface TokenPrices extends PrefixPrices {
  output: number;
  /** Smallest input of the range, tokens. */
  minInputTokens: number;
}

/** What a model's tokens cost from some moment on. */
interface RateWindow {
  /** Microseconds since 1970. */
  from: number;
  tiers: readonly TokenPrices[];
}

/** What levers need to know of a model's prices. */
export interface ModelRates {
  /** In order of time; empty = unknown. */
  windows: readonly RateWindow[];
  /** Batch price over standard price, the dearer of input and output; NaN = no batch price is known. */
  batchRatio: number;
}

/** Read prices of the policy's models over the time of a log.
 * @param span first and last moment, microseconds since 1970 */
export function modelRates(
  book: PriceBook,
  models: ReadonlyArray<{ model: string; provider: string | null }>,
  [from, to]: [number, number],
): ModelRates[] {
  return models.map(({ model, provider }) => {
    const query = { model, provider, createdAt: from };
    const cards = book.rateCards(query, to + 1);
    const batch = book.rateCard({ ...query, isBatch: true });
    const standard = book.rateCard(query);
    return {
      windows: cards.flatMap((card) =>
        "reason" in card ? [] : [{ from: card.validFrom ?? Number.NEGATIVE_INFINITY, tiers: tiersOf(card) }],
      ),
      batchRatio: "reason" in batch || "reason" in standard ? Number.NaN : ratioOf(batch, standard),
    };
  });
}

/** Prices of a prompt of so many tokens at a moment.
 * @returns null where they aren't known */
export function pricesAt({ windows }: ModelRates, at: number, inputTokens: number): TokenPrices | null {
  if (windows.length === 0) return null;
  let window = windows.length - 1;
  while (window > 0 && at < windows[window]!.from) window -= 1;
  const { tiers } = windows[window]!;
  let tier = tiers.length - 1;
  while (tier > 0 && inputTokens < tiers[tier]!.minInputTokens) tier -= 1;
  return tiers[tier]!;
}

function tiersOf({ tiers }: RateCard): TokenPrices[] {
  return tiers.map(({ minInputTokens, usdPerMTok }) => ({
    minInputTokens,
    input: perToken(usdPerMTok.input),
    cacheRead: perToken(usdPerMTok.cacheRead),
    cacheWrite: perToken(usdPerMTok.cacheWrite5m),
    output: perToken(usdPerMTok.output),
  }));
}

function ratioOf(batch: RateCard, standard: RateCard): number {
  const [of, to] = [batch.tiers[0]!.usdPerMTok, standard.tiers[0]!.usdPerMTok];
  const ratio = Math.max(
    (of.input ?? Number.NaN) / (to.input ?? Number.NaN),
    (of.output ?? Number.NaN) / (to.output ?? Number.NaN),
  );
  return ratio <= 1 ? ratio : Number.NaN;
}

function perToken(perMillion: number | null): number {
  return perMillion === null ? Number.NaN : perMillion / 1e6;
}
