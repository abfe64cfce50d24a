import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findProvider } from "@pydantic/genai-prices";
import { packageRoot } from "../package-root.js";
import { canonicalModel } from "./canonical-model.js";
import { genaiPricesFile } from "./genai-prices-file.js";
import type { CardQuery, Price, PriceBook, PriceQuery } from "./price-book.js";
import { cardAt, type Unpriced } from "./price-card.js";
import { PriceIndex, type PriceList } from "./price-list.js";
import { findOffers, type PriceLists, type PriceOffer } from "./price-offers.js";
import { canonicalProvider, providerOfUrl } from "./provider-names.js";
import { applyRates, type RateCard } from "./rate-card.js";
import { type AliasMap, aliasMap } from "./resolve-alias.js";
import { Tier, tierOf } from "./service-tier.js";

/** Make a price book of genai-prices, our own overrides and what a user imported.
 * @param imported lists in the order in which they were imported
 * @param hashes one per imported list */
export function makePriceBook(imported: readonly PriceList[], hashes: readonly string[]): PriceBook {
  return new ListedPriceBook(imported, hashes);
}

/** Raised when the arithmetic or the order of lists changes, so that stored prices are known to be old. */
const RULES_VERSION = 3;
const DAY_US = 86_400_000_000;
const MAX_KEPT = 20_000;

interface Kept {
  alias: boolean;
  provider: string | null;
  tier: Tier;
  offers: PriceOffer[];
  /** Asked only where the tier has no price. */
  standardOffers: () => PriceOffer[];
  latest: Entry;
  byDay: Map<number, Entry[]>;
}

interface Entry {
  card: RateCard | Unpriced;
  from: number;
  to: number;
}

class ListedPriceBook implements PriceBook {
  readonly fingerprint: string;
  readonly lists: PriceBook["lists"];
  private readonly sources: PriceLists;
  private readonly aliases: AliasMap;
  private readonly kept = new Map<string, Kept>();

  constructor(imported: readonly PriceList[], hashes: readonly string[]) {
    const overrides = readOverrides();
    const contracts = imported.filter(({ kind }) => kind === "contract");
    const others = imported
      .filter(({ kind }) => kind === "import")
      .sort((a, b) => ((a.version ?? "") < (b.version ?? "") ? 1 : -1));
    this.lists = [...contracts, overrides.list, ...others].map(({ kind, name, version }) => ({
      kind,
      name,
      version,
    }));
    this.sources = {
      contracts: new PriceIndex(contracts),
      overrides: new PriceIndex([overrides.list]),
      imports: others.map((list) => new PriceIndex([list])),
      genaiVersion: genaiPricesFile().version,
    };
    this.aliases = aliasMap(imported.flatMap(({ aliases }) => aliases));
    this.fingerprint = createHash("sha256")
      .update(JSON.stringify([RULES_VERSION, genaiPricesFile().sha256, overrides.sha256, ...hashes]))
      .digest("hex")
      .slice(0, 16);
  }

  price(query: PriceQuery): Price {
    const { createdAt, usage } = query;
    if (!isMoment(createdAt)) return unpriced("invalid_usage", canonicalProvider(query.provider));
    const card = this.rateCard(query);
    if ("reason" in card) return unpriced(card.reason, card.provider);
    const cost = applyRates(card, usage);
    if ("failure" in cost) return unpriced(cost.failure, card.provider);
    const isWrite1hDerived = card.isWrite1hDerived === true && usage.inputCacheWrite1h > 0;
    return {
      usd: cost.usd,
      priceSource: `${card.priceSource}${isWrite1hDerived ? "+write-1h" : ""}${cost.isTextRate ? "+text-rate" : ""}`,
      priceDate: dayOf(createdAt),
      modelKey: card.modelKey,
      provider: card.provider,
    };
  }

  rateCard(query: CardQuery): RateCard | Unpriced {
    const at = query.createdAt;
    if (!isMoment(at)) {
      const provider = canonicalProvider(query.provider);
      return { reason: "unknown_model", provider, validFrom: null, validTo: null };
    }
    const kept = this.keep(query);
    const { latest } = kept;
    if (latest.from <= at && at < latest.to) return latest.card;
    const day = Math.floor(at / DAY_US);
    const known = kept.byDay.get(day)?.find(({ from, to }) => from <= at && at < to);
    kept.latest = known ?? this.compute(kept, at);
    if (known === undefined) append(kept.byDay, day, kept.latest);
    return kept.latest.card;
  }

  rateCards(query: CardQuery, until: number): Array<RateCard | Unpriced> {
    const cards: Array<RateCard | Unpriced> = [];
    for (let createdAt: number | null = query.createdAt; createdAt !== null && createdAt < until; ) {
      const card = this.rateCard({ ...query, createdAt });
      cards.push(card);
      createdAt = card.validTo;
    }
    return cards;
  }

  canonicalModel(name: string, provider: string | null): string {
    const resolved = this.resolveAlias(name, provider);
    return canonicalModel(resolved.model, resolved.provider);
  }

  resolveAlias(model: string, provider: string | null): { model: string; provider: string | null } {
    const alias = this.aliases.find(model, canonicalProvider(provider));
    return alias === null
      ? { model, provider }
      : { model: alias.model, provider: alias.model_provider ?? provider ?? alias.provider };
  }

  modelsOf(provider: string): string[] {
    const { contracts, overrides, imports } = this.sources;
    const own = findProvider({ providerId: provider });
    const listed = own?.id === provider ? own.models.map(({ id }) => id) : [];
    const added = [contracts, overrides, ...imports].flatMap((index) => index.modelsOf(provider));
    return [...new Set([...listed, ...added])].filter((name) => !name.includes("*"));
  }

  offers(query: CardQuery): PriceOffer[] {
    return this.keep(query).offers;
  }

  private keep(query: CardQuery): Kept {
    const { model, provider, providerApiUrl, serviceTier, isBatch } = query;
    const key = `${model}\n${provider ?? ""}\n${providerApiUrl ?? ""}\n${serviceTier ?? ""}\n${isBatch === true}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const kept = this.look(query);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, kept);
    return kept;
  }

  private look({ model, provider, providerApiUrl = null, serviceTier = null, isBatch }: CardQuery): Kept {
    const tier = tierOf(serviceTier, isBatch === true);
    const logged = canonicalProvider(provider) ?? providerOfUrl(providerApiUrl);
    const resolved = this.resolveAlias(model, logged);
    const query = {
      model: resolved.model,
      provider: canonicalProvider(resolved.provider),
      providerApiUrl,
    };
    const offers = findOffers({ ...query, tier }, this.sources);
    return {
      alias: resolved.model !== model,
      provider: query.provider,
      tier,
      offers,
      standardOffers:
        tier === Tier.standard
          ? () => offers
          : () => findOffers({ ...query, tier: Tier.standard }, this.sources),
      latest: {
        card: { reason: "unknown_model", provider: null, validFrom: null, validTo: null },
        from: 0,
        to: 0,
      },
      byDay: new Map(),
    };
  }

  private compute({ offers, standardOffers, provider, tier, alias }: Kept, at: number): Entry {
    const found = cardAt(offers, at);
    const { from, to } = found;
    const window = { validFrom: finite(from), validTo: finite(to) };
    if (found.rates !== null) {
      const { offer, rates } = found;
      const notes = alias ? [...found.notes, "alias"] : found.notes;
      const card: RateCard = {
        provider: offer.provider,
        modelKey: offer.modelKey,
        serviceTier: tier,
        priceSource: notes.join("+"),
        listVersion: offer.listVersion,
        ...window,
        ...rates,
      };
      return { card, from, to };
    }
    const standard = tier === Tier.standard ? found : cardAt(standardOffers(), at);
    const reason = standard.rates === null ? "unknown_model" : "unknown_tier";
    const bounds = { from: Math.max(from, standard.from), to: Math.min(to, standard.to) };
    return {
      card: { reason, provider, validFrom: finite(bounds.from), validTo: finite(bounds.to) },
      ...bounds,
    };
  }
}

function readOverrides(): { list: PriceList; sha256: string } {
  const text = readFileSync(join(packageRoot, "datasets/prices/overrides.json"), "utf8");
  return { list: JSON.parse(text) as PriceList, sha256: createHash("sha256").update(text).digest("hex") };
}

/** Within the range of JavaScript's dates. */
function isMoment(at: number): boolean {
  return Math.abs(at) <= 8.64e18;
}

const days = new Map<number, string>();

/** YYYY-MM-DD of a moment. */
function dayOf(at: number): string {
  const day = Math.floor(at / DAY_US);
  const known = days.get(day);
  if (known !== undefined) return known;
  const text = new Date(at / 1000).toISOString().slice(0, 10);
  if (days.size >= MAX_KEPT) days.clear();
  days.set(day, text);
  return text;
}

function unpriced(
  priceSource: "unknown_model" | "unknown_tier" | "unpriced_unit" | "invalid_usage",
  provider: string | null,
): Price {
  return { usd: null, priceSource, priceDate: null, modelKey: null, provider };
}

function finite(at: number): number | null {
  return Number.isFinite(at) ? at : null;
}

function append<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
