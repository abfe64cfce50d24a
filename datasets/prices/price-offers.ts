import { type DatedRates, genaiRatesAt } from "./genai-rates.js";
import { type ListName, listNames } from "./list-names.js";
import { withMakerCache } from "./maker-cache.js";
import { withoutRegion } from "./model-spellings.js";
import { type ListedEntry, momentOf, type PriceIndex } from "./price-list.js";
import { isSelfHosted } from "./provider-names.js";
import { type Rates, scaleTokenRates } from "./rate-card.js";
import { type ResolvedModel, resolveModel } from "./resolve-model.js";
import { documentedDiscount, Tier } from "./service-tier.js";

/** One list's answer for a model and a service tier, for the time that the list covers. Times are microseconds since 1970, UTC. */
export interface PriceOffer {
  /** Position among the lists: lower wins. */
  rank: number;
  from: number;
  to: number;
  provider: string;
  modelKey: string;
  listVersion: string | null;
  /** Parts of the price_source. */
  notes: string[];
  /** Rates at a moment between from and to; absent for a change of the next list's price. */
  ratesAt?: (at: number) => DatedRates;
  /** What a contract does to the list price. */
  change?: { factor: number; feeUsd: number };
  /** Whether it is the user's own price rather than a list's. */
  isContract: boolean;
  /** Whether fees that it doesn't name are those of the next list. */
  inheritsFees: boolean;
}

/** The lists that prices are looked up in. */
export interface PriceLists {
  contracts: PriceIndex;
  overrides: PriceIndex;
  /** The newest first. */
  imports: readonly PriceIndex[];
  /** Version of genai-prices. */
  genaiVersion: string;
}

/** What is priced, its names already resolved through the user's aliases. */
export interface OfferQuery {
  model: string;
  provider: string | null;
  providerApiUrl: string | null;
  tier: Tier;
}

/** Every list's answer for a model, in the order in which they are asked: contract, override, genai-prices, imported lists. For a
 * batch or flex request a list that names that tier's price goes before one whose standard price would have to be halved. */
export function findOffers(query: OfferQuery, lists: PriceLists): PriceOffer[] {
  const listed = resolveModel(query.model, query.provider, query.providerApiUrl);
  const provider = query.provider ?? listed?.provider.id ?? null;
  const names = listNames(query.model, query.provider);
  const offers = [
    ...contractOffers(lists.contracts, names, { ...query, provider }),
    ...genaiOffers(listed, query, lists.genaiVersion),
    ...freeVariant(query),
  ];
  if (!isSelfHosted(query.provider)) {
    offers.push(
      ...overrideOffers(lists.overrides, names, { ...query, provider }),
      ...lists.imports.flatMap((index) => importOffers(index, names, query)),
    );
  }
  // Of lists that are all newer than the request, the oldest is the nearest.
  const nearness = ({ rank, to }: PriceOffer) => (rank >= Rank.importOwnTierBackdated ? to : 0);
  return offers.sort((a, b) => a.rank - b.rank || nearness(a) - nearness(b));
}

/** Ranks of the lists; a tier's own price goes before one that is derived from the standard price. */
const Rank = {
  contractOwnTier: 0,
  contract: 1,
  overrideOwnTier: 2,
  importOwnTier: 3,
  override: 4,
  freeVariant: 5,
  genai: 6,
  import: 7,
  importOwnTierBackdated: 8,
  importBackdated: 9,
} as const;

function contractOffers(index: PriceIndex, names: readonly ListName[], query: OfferQuery): PriceOffer[] {
  const found = names
    .flatMap(({ name, provider }) => index.find(name, provider ?? query.provider))
    .filter(({ entry }) => entry.provider === null || query.provider !== null)
    .sort((a, b) => b.specificity - a.specificity || b.from - a.from || b.order - a.order);
  return [...new Set(found)].flatMap((listed) => {
    const { entry, rates } = listed;
    const base = offerOf(listed, query, `contract:${listed.list.name}`);
    if (rates !== null)
      return atTier(listed, rates, query, base, { own: Rank.contractOwnTier, derived: Rank.contract });
    const isOwnTier = entry.service_tier === query.tier;
    if (entry.service_tier !== null && !isOwnTier) return [];
    const change = { factor: 1 - (entry.discount_percent ?? 0) / 100, feeUsd: entry.per_request_usd ?? 0 };
    return [{ ...base, rank: isOwnTier ? Rank.contractOwnTier : Rank.contract, change }];
  });
}

function overrideOffers(index: PriceIndex, names: readonly ListName[], query: OfferQuery): PriceOffer[] {
  const named = names.find(({ name, provider }) => index.find(name, provider ?? query.provider).length > 0);
  const found = named === undefined ? [] : index.find(named.name, named.provider ?? query.provider);
  return found.flatMap((listed) =>
    atTier(listed, listed.rates!, query, offerOf(listed, query, "override"), {
      own: query.tier === Tier.standard ? Rank.override : Rank.overrideOwnTier,
      derived: Rank.override,
    }),
  );
}

function genaiOffers(
  found: ResolvedModel | null,
  { model, tier }: OfferQuery,
  version: string,
): PriceOffer[] {
  const discount = found === null ? null : documentedDiscount(tier, found.provider.id, found.model.id);
  if (found === null || discount === null) return [];
  const filled = withMakerCache(found);
  return [
    {
      rank: Rank.genai,
      from: -Infinity,
      to: Infinity,
      provider: found.provider.id,
      modelKey: found.model.id,
      isContract: false,
      inheritsFees: false,
      listVersion: version,
      notes: [
        "genai-prices",
        ...(found.isVendorList ? ["vendor-list"] : []),
        ...(filled === null ? [] : ["vendor-cache"]),
        ...(found.model.id.startsWith("regional.") ? ["regional"] : []),
        ...(isVariant(model) && !isVariant(found.name) ? ["base-variant"] : []),
        ...tierNote(tier, discount),
      ],
      ratesAt: (at) => {
        const dated = genaiRatesAt(filled ?? found.model, at);
        return discount.factor === 1 ? dated : { ...dated, rates: scaleTokenRates(dated.rates, discount) };
      },
    },
  ];
}

function importOffers(index: PriceIndex, names: readonly ListName[], query: OfferQuery): PriceOffer[] {
  const { entries, note } = importEntries(index, names);
  return entries.flatMap((listed) => {
    const base = offerOf(listed, query, `import:${listed.list.name}`);
    const isPlain = isVariant(query.model) && !isVariant(listed.entry.key ?? "");
    const notes = [...base.notes, ...note, ...(isPlain ? ["base-variant"] : [])];
    const own = query.tier === Tier.standard ? Rank.import : Rank.importOwnTier;
    const offers = atTier(listed, listed.rates!, query, { ...base, notes }, { own, derived: Rank.import });
    return offers.flatMap((offer) => sinceListDate(offer, listed));
  });
}

/** A list says what held on its own day; for days before it, it stands in when no older list is there. */
function sinceListDate(offer: PriceOffer, { entry, list }: ListedEntry): PriceOffer[] {
  const listed = entry.valid_from === null ? momentOf(list.version, -Infinity) : -Infinity;
  if (listed <= offer.from) return [offer];
  const to = Math.min(offer.to, listed);
  return [
    { ...offer, from: listed },
    {
      ...offer,
      rank: offer.rank === Rank.importOwnTier ? Rank.importOwnTierBackdated : Rank.importBackdated,
      to,
      notes: [...offer.notes, "backdated"],
    },
  ];
}

/** The entries of the first name that the list has at one price; else those of the model's other snapshots or of its base region,
 * if they have one price. A name without a provider means what the list has under that very name. */
function importEntries(
  index: PriceIndex,
  names: readonly ListName[],
): { entries: ListedEntry[]; note: string[] } {
  const written = new Set(names.map(({ name }) => name.toLowerCase()));
  const isWritten = ({ entry }: ListedEntry) => written.has((entry.key ?? "").toLowerCase());
  for (const { name, provider } of names) {
    const found = index.find(name, provider);
    const chosen = provider === null || !haveOnePrice(found) ? found.filter(isWritten) : found;
    if (chosen.length > 0) return { entries: haveOnePrice(chosen) ? chosen : [], note: [] };
    if (found.length > 0) return { entries: [], note: [] };
  }
  for (const { name, provider } of names.filter((named) => named.provider !== null)) {
    const regionless = withoutRegion(name);
    const base = regionless === name ? [] : index.find(regionless, provider);
    if (base.length > 0 && haveOnePrice(base)) return { entries: base, note: ["base-region"] };
    const family = index.findFamily(name, provider);
    if (family.length > 0 && haveOnePrice(family))
      return { entries: newestPerTier(family), note: ["snapshot-family"] };
  }
  return { entries: [], note: [] };
}

/** Whether entries that hold at the same time agree, tier by tier. */
function haveOnePrice(entries: readonly ListedEntry[]): boolean {
  const prices = new Map<string, string>();
  return entries.every(({ entry, rates, from, to }) => {
    const key = `${entry.service_tier ?? ""} ${from} ${to}`;
    const price = JSON.stringify(rates);
    const known = prices.get(key) ?? price;
    prices.set(key, known);
    return known === price;
  });
}

function newestPerTier(entries: readonly ListedEntry[]): ListedEntry[] {
  const newest = new Map(
    entries.map((listed) => [`${listed.entry.service_tier ?? ""} ${listed.from} ${listed.to}`, listed]),
  );
  return [...newest.values()];
}

function offerOf({ entry, list, from, to }: ListedEntry, query: OfferQuery, source: string): PriceOffer {
  return {
    rank: 0,
    from,
    to,
    provider: entry.provider ?? query.provider ?? "unknown",
    modelKey: entry.key ?? query.model,
    isContract: list.kind === "contract",
    inheritsFees: list.kind !== "import",
    listVersion: list.version,
    notes: [source],
  };
}

/** An entry with rates, if it is of the tier that is asked or the provider documents how the tier follows from the standard price. */
function atTier(
  { entry }: ListedEntry,
  rates: Rates,
  { tier }: OfferQuery,
  base: PriceOffer,
  ranks: { own: number; derived: number },
): PriceOffer[] {
  const from = base.from;
  const to = base.to;
  if ((entry.service_tier ?? Tier.standard) === tier)
    return [{ ...base, rank: ranks.own, ratesAt: () => ({ rates, from, to }) }];
  const discount =
    entry.service_tier === null ? documentedDiscount(tier, base.provider, base.modelKey) : null;
  if (discount === null) return [];
  const scaled = scaleTokenRates(rates, discount);
  return [
    {
      ...base,
      rank: ranks.derived,
      notes: [...base.notes, ...tierNote(tier, discount)],
      ratesAt: () => ({ rates: scaled, from, to }),
    },
  ];
}

function tierNote(tier: Tier, { factor }: { factor: number }): string[] {
  return factor === 1 ? [] : [`${tier}${factor * 100}`];
}

/** OpenRouter's variants that are looked up as the plain model when no list has them: those that only choose among hosts, which may
 * charge other prices than the model's page, and those that differ in settings. */
function isVariant(name: string): boolean {
  return /:(nitro|floor|exacto|online|thinking|beta)$/i.test(name);
}

/** OpenRouter's `:free` variants cost nothing by definition, listed or not. */
function freeVariant({ model, provider, tier }: OfferQuery): PriceOffer[] {
  const isFree = /\/.*:free$/i.test(model) && (provider === null || provider === "openrouter");
  if (!isFree || tier !== Tier.standard) return [];
  const free = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
  const media = { inputAudio: 0, cacheReadAudio: 0, inputImage: 0, outputAudio: 0, outputImage: 0 };
  const rates: Rates = {
    perRequestUsd: 0,
    perWebSearchUsd: null,
    tiers: [{ minInputTokens: 0, usdPerMTok: { ...free, ...media } }],
  };
  return [
    {
      rank: Rank.freeVariant,
      from: -Infinity,
      to: Infinity,
      provider: "openrouter",
      modelKey: model,
      isContract: false,
      inheritsFees: false,
      listVersion: null,
      notes: ["free-variant"],
      ratesAt: () => ({ rates, from: -Infinity, to: Infinity }),
    },
  ];
}
