import type { TokenUsage } from "../tokens/token-usage.js";
import { makePriceBook } from "./make-price-book.js";
import type { Unpriced } from "./price-card.js";
import type { PriceList } from "./price-list.js";
import type { PriceOffer } from "./price-offers.js";
import type { RateCard } from "./rate-card.js";
import { readPriceFolder } from "./read-price-folder.js";
import { resolveModel } from "./resolve-model.js";

/** What is asked for its price, apart from the tokens. */
export interface CardQuery {
  /** Provider as logged or as genai-prices id; null when unknown. */
  provider: string | null;
  /** Model name as logged or canonical. */
  model: string;
  /** Address that the request went to; names the provider when `provider` doesn't. */
  providerApiUrl?: string | null;
  /** Microseconds since 1970, UTC: prices are those of that moment. */
  createdAt: number;
  serviceTier?: string | null;
  isBatch?: boolean | null;
}

/** One request to price. */
export interface PriceQuery extends CardQuery {
  usage: TokenUsage;
}

/** A price, or why there is none. Unknown is null, never 0. */
export type Price =
  | {
      usd: number;
      /** The list that it comes from, then what was assumed: see docs/prices.md. */
      priceSource: string;
      /** Day that the price is valid for, YYYY-MM-DD. */
      priceDate: string;
      /** The price list's own id of the model. */
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

/** All prices that hold for one user: genai-prices and our own corrections, and what a workspace's user imported. */
export interface PriceBook {
  /** Hash over everything that decides a price: equal fingerprints give equal prices. */
  readonly fingerprint: string;
  /** The lists beside genai-prices, in the order in which they are asked. */
  readonly lists: ReadonlyArray<Pick<PriceList, "kind" | "name" | "version">>;
  /** Price a request at the price of its day. Never throws. */
  price(query: PriceQuery): Price;
  /** The rates that hold at a moment for a (provider, model, tier), with the window in which they do; or why there are none, and for how
   * long. Never throws. */
  rateCard(query: CardQuery): RateCard | Unpriced;
  /** The cards that hold one after the other from createdAt until a later moment.
   * @param until microseconds since 1970, UTC, exclusive */
  rateCards(query: CardQuery, until: number): Array<RateCard | Unpriced>;
  /** The name that requests are grouped by: the user's alias resolved, then {@link canonicalModel}. */
  canonicalModel(model: string, provider: string | null): string;
  /** What the user's aliases make of a name; the name itself where there is none. */
  resolveAlias(model: string, provider: string | null): { model: string; provider: string | null };
  /** The models of a provider that any list has, patterns left out. */
  modelsOf(provider: string): string[];
  /** Every list's answer, for people: see explainPrice. */
  offers(query: CardQuery): PriceOffer[];
}

/** Open the price book of a workspace.
 * @param folder the workspace's prices/; without one (or where it doesn't exist) the book is the default one
 * @throws {InputError} if an imported list is damaged or was changed by hand */
export function openPriceBook({ folder = null }: { folder?: string | null } = {}): PriceBook {
  const imported = folder === null ? { lists: [], hashes: [] } : readPriceFolder(folder);
  if (imported.lists.length === 0) {
    defaultBook ??= makePriceBook([], []);
    return defaultBook;
  }
  return makePriceBook(imported.lists, imported.hashes);
}

/** Price a request with the default book: no user's contracts, lists or aliases. */
export function priceRequest(query: PriceQuery): Price {
  return openPriceBook().price(query);
}

/** Standard price of a model per million tokens, for planning; null when it isn't listed or has no token price.
 * Prices that rise with the size of the prompt are given at their base.
 * @param at microseconds since 1970, UTC */
export function listPrice(
  model: string,
  provider: string | null,
  at: number,
  book: PriceBook = openPriceBook(),
): {
  inputUsdPerMtok: number;
  outputUsdPerMtok: number;
  /** Of input tokens read from the provider's prompt cache; null when the list has no price of them. */
  cacheReadUsdPerMtok: number | null;
  contextWindow: number | null;
} | null {
  const card = book.rateCard({ model, provider, createdAt: at });
  if ("reason" in card) return null;
  const { input, output, cacheRead } = card.tiers[0]!.usdPerMTok;
  if (input === null && output === null) return null;
  return {
    inputUsdPerMtok: input ?? 0,
    outputUsdPerMtok: output ?? 0,
    cacheReadUsdPerMtok: cacheRead,
    contextWindow: resolveModel(model, provider)?.model.context_window ?? null,
  };
}

let defaultBook: PriceBook | null = null;
