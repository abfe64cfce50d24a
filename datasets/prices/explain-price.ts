import type { TokenUsage } from "../tokens/token-usage.js";
import { listNames } from "./list-names.js";
import type { CardQuery, Price, PriceBook } from "./price-book.js";
import { cardAt, type Unpriced } from "./price-card.js";
import { explainSource } from "./price-notes.js";
import { canonicalProvider, providerOfUrl } from "./provider-names.js";
import { applyRates, type RateCard } from "./rate-card.js";
import { type RateRow, rateRows } from "./rate-rows.js";

/** What one list says of the model at the moment that was asked about. */
export interface ListedAnswer {
  price_source: string;
  model_key: string;
  list_version: string | null;
  input_usd_per_mtok: number | null;
  output_usd_per_mtok: number | null;
  /** Price of the tokens that were asked about, or of a million in and a million out; NULL when the list can't price them. */
  usd: number | null;
  /** usd against that of the price in force, as a share of it: 0.1 is 10 % more. */
  difference: number | null;
  is_in_force: boolean;
}

/** Where a price comes from: how the name was resolved, the rates in force, the rates before and after, and the other lists. */
export interface ExplainedPrice {
  model: string;
  provider: string | null;
  at: string;
  /** How the name was resolved, in order. */
  steps: string[];
  /** The price_source in words; empty without a price. */
  meaning: string[];
  /** Why there is no price; NULL when there is one. */
  reason: Unpriced["reason"] | null;
  /** The rates in force, a row per range of prompt sizes. */
  rates: RateRow[];
  /** The rates that held until valid_from, and those from valid_to on. */
  before: RateRow[];
  after: RateRow[];
  lists: ListedAnswer[];
  /** Price of the tokens that were asked about. */
  price: Price | null;
}

/** Explain the price of a model.
 * @param usage tokens to price as an example; null shows rates only */
export function explainPrice(book: PriceBook, query: CardQuery, usage: TokenUsage | null): ExplainedPrice {
  const card = book.rateCard(query);
  const neighbour = (createdAt: number | null) =>
    createdAt === null ? [] : rowsOf(book.rateCard({ ...query, createdAt }));
  return {
    model: query.model,
    provider: query.provider,
    at: new Date(query.createdAt / 1000).toISOString(),
    steps: stepsOf(book, query, card),
    meaning: "reason" in card ? [] : explainSource(card.priceSource),
    reason: "reason" in card ? card.reason : null,
    rates: rowsOf(card),
    before: neighbour(card.validFrom === null ? null : card.validFrom - 1),
    after: neighbour(card.validTo),
    lists: answersOf(book, query, card, usage ?? MILLION_EACH),
    price: usage === null ? null : book.price({ ...query, usage }),
  };
}

const MILLION_EACH: TokenUsage = {
  inputUncached: 1_000_000,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText: 1_000_000,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
};

function rowsOf(card: RateCard | Unpriced): RateRow[] {
  return "reason" in card ? [] : rateRows(card);
}

function stepsOf(book: PriceBook, query: CardQuery, card: RateCard | Unpriced): string[] {
  const logged = canonicalProvider(query.provider) ?? providerOfUrl(query.providerApiUrl ?? null);
  const resolved = book.resolveAlias(query.model, logged);
  const provider = canonicalProvider(resolved.provider);
  const isAlias = resolved.model !== query.model || resolved.provider !== logged;
  const names = listNames(resolved.model, provider).map(({ name }) => name);
  return [
    ...(query.provider !== null && query.provider !== logged
      ? [`provider ${query.provider} is ${logged ?? "a gateway, whose models are others'"}`]
      : []),
    ...(logged === null ? ["no provider is known: the name alone decides"] : []),
    ...(isAlias
      ? [
          `an alias makes ${query.model} the model ${resolved.model}${provider === null ? "" : ` of ${provider}`}`,
        ]
      : []),
    `names that were tried: ${[...new Set(names)].join(", ")}`,
    "reason" in card
      ? `no list has a price for it: ${card.reason}`
      : `found as ${card.modelKey} in the list of ${card.provider}: ${card.priceSource}`,
  ];
}

function answersOf(
  book: PriceBook,
  query: CardQuery,
  card: RateCard | Unpriced,
  usage: TokenUsage,
): ListedAnswer[] {
  const inForce = "reason" in card ? null : usdOf(card, usage);
  const offers = book.offers(query);
  const answers = offers.flatMap((offer, i) => {
    const covers = offer.from <= query.createdAt && query.createdAt < offer.to;
    const found = covers ? cardAt(offers.slice(i), query.createdAt) : null;
    if (found === null || found.rates === null) return [];
    const usd = usdOf(found.rates, usage);
    const { input, output } = found.rates.tiers[0]!.usdPerMTok;
    return [
      {
        price_source: found.notes.join("+"),
        model_key: found.offer.modelKey,
        list_version: found.offer.listVersion,
        input_usd_per_mtok: input,
        output_usd_per_mtok: output,
        usd,
        difference: usd === null || inForce === null || inForce === 0 ? null : usd / inForce - 1,
        is_in_force: false,
      },
    ];
  });
  return answers.map((answer, i) => ({ ...answer, is_in_force: i === 0 }));
}

function usdOf(rates: Parameters<typeof applyRates>[0], usage: TokenUsage): number | null {
  const cost = applyRates(rates, usage);
  return "failure" in cost ? null : cost.usd;
}
