import type { PriceOffer } from "./price-offers.js";
import { type Rates, scaleTokenRates } from "./rate-card.js";

/** Why a (provider, model, tier) has no price, and the window in which that is so (microseconds since 1970, UTC; null = open). */
export interface Unpriced {
  reason: "unknown_model" | "unknown_tier";
  provider: string | null;
  validFrom: number | null;
  validTo: number | null;
}

/** The rates that hold at a moment, or null, with the window in which that answer stays the same. */
export type FoundRates = { from: number; to: number } & (
  | { rates: Rates; offer: PriceOffer; notes: string[] }
  | { rates: null }
);

/** The first offer that covers a moment. A contract's discount changes the price of the first list after all contracts.
 * @param offers in the order in which they are asked
 * @param at microseconds since 1970, UTC */
export function cardAt(offers: readonly PriceOffer[], at: number): FoundRates {
  let from = -Infinity;
  let to = Infinity;
  for (const offer of offers) {
    if (at < offer.from) {
      to = Math.min(to, offer.from);
    } else if (at >= offer.to) {
      from = Math.max(from, offer.to);
    } else {
      const found = ratesOf(offer, offers, at);
      from = Math.max(from, offer.from, found.from);
      to = Math.min(to, offer.to, found.to);
      if (found.rates !== null) return { ...found, from, to };
    }
  }
  return { rates: null, from, to };
}

function ratesOf(offer: PriceOffer, offers: readonly PriceOffer[], at: number): FoundRates {
  if (offer.ratesAt === undefined) return changed(offer, cardAt(offers.filter(isListed), at));
  const own = { ...offer.ratesAt(at), offer, notes: offer.notes };
  if (own.rates.perWebSearchUsd !== null || !offer.inheritsFees) return own;
  const next = cardAt(offers.slice(offers.indexOf(offer) + 1).filter(isListed), at);
  const { perWebSearchUsd = null } = next.rates ?? {};
  return {
    ...own,
    rates: { ...own.rates, perWebSearchUsd },
    from: Math.max(own.from, next.from),
    to: Math.min(own.to, next.to),
  };
}

function isListed({ isContract }: PriceOffer): boolean {
  return !isContract;
}

function changed({ change, notes }: PriceOffer, listed: FoundRates): FoundRates {
  if (listed.rates === null) return listed;
  const { factor, feeUsd } = change!;
  const { perRequestUsd, perWebSearchUsd } = listed.rates;
  return {
    ...listed,
    rates: {
      ...scaleTokenRates(listed.rates, { factor, cacheReadFactor: factor }),
      perRequestUsd: perRequestUsd * factor + feeUsd,
      perWebSearchUsd: perWebSearchUsd === null ? null : perWebSearchUsd * factor,
    },
    notes: [...notes, ...listed.notes],
  };
}
