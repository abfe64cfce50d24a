import type { RequestDraft } from "../sources/source.js";
import { openPriceBook, type PriceBook } from "./price-book.js";

/** The price columns of a request. */
export interface DraftPrice {
  cost_list_usd: number | null;
  price_source: string;
  price_date: string | null;
}

/** Price everything that one logged call used: its own tokens, and those of other models inside it (an advisor, a server-side
 * fallback, a compaction), each at its own price. When any of them is unknown, so is the sum.
 * A call that the gateway answered from its own cache costs nothing, whatever the token counts repeat.
 * @param draft with a time and a model */
export function priceDraft(draft: RequestDraft, book: PriceBook = openPriceBook()): DraftPrice {
  const { usage, provider, createdAt, serviceTier, isBatch, cacheStatus, otherUsage } = draft;
  if (cacheStatus === "hit" || cacheStatus === "semantic_hit")
    return { cost_list_usd: 0, price_source: "gateway_cache_hit", price_date: null };
  if (usage === null) return { cost_list_usd: null, price_source: "no_usage", price_date: null };
  const query = { provider, createdAt: createdAt!, serviceTier, isBatch };
  const own = book.price({ ...query, model: (draft.modelServed ?? draft.modelRequested)!, usage });
  const others = (otherUsage ?? []).map((other) => book.price({ ...query, ...other }));
  const unknown = [own, ...others].find(({ usd }) => usd === null);
  if (unknown !== undefined)
    return { cost_list_usd: null, price_source: unknown.priceSource, price_date: null };
  return {
    cost_list_usd: others.reduce((sum, { usd }) => sum + usd!, own.usd!),
    price_source: others.length > 0 ? `${own.priceSource}+other-models` : own.priceSource,
    price_date: own.priceDate,
  };
}
