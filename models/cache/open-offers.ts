import { findServable, neighboursRead, pairFeatures } from "@signalbox/runtime";
import type { CacheItem, CacheNeighbour } from "./cache-item.js";
import { type NearestIndex, openNearestIndex } from "./nearest-index.js";

/** What a cache that holds the other requests would offer one of them.
 * - exact: another request of the same key
 * - semantic: the nearest neighbour that the guard allows
 * - none: no neighbour that it allows, or the request is never cached */
export type Offer =
  | { item: CacheItem; tier: "exact"; entry: CacheItem }
  | { item: CacheItem; tier: "semantic"; entry: CacheItem; cosine: number; features: Float32Array }
  | { item: CacheItem; tier: "none" };

/** How offers are made. */
export interface OfferOptions {
  /** Vector of length 1 of a text. */
  embed: (text: string) => Float32Array;
  /** Life of an entry, in the unit of `at`. */
  ttlS: number;
  /** Index of one scope's vectors; exact while it is small and approximate beyond by default. */
  openIndex?: (dim: number) => NearestIndex;
}

/** Fill a cache with a part of a log, to see what it would offer each of its requests from the others' answers. Looking both ways in
 * time gives every request a cache of the size that production starts with; a cache that had only just begun to fill would make
 * offers look rarer and better than they become.
 * @param items all requests of that part
 * @returns the offer to one of them */
export function openOffers(items: readonly CacheItem[], options: OfferOptions): (item: CacheItem) => Offer {
  const cache = fillCache(items, options);
  return (item) => offerTo(item, cache, options);
}

interface FilledCache {
  items: readonly CacheItem[];
  placeOf: Map<CacheItem, number>;
  byKey: Map<string, number[]>;
  scopes: Map<string, NearestIndex>;
}

const openDefault = (dim: number) => openNearestIndex({ dim, kind: "auto" });

function fillCache(
  items: readonly CacheItem[],
  { embed, openIndex = openDefault }: OfferOptions,
): FilledCache {
  const cache: FilledCache = { items, placeOf: new Map(), byKey: new Map(), scopes: new Map() };
  items.forEach((item, place) => {
    cache.placeOf.set(item, place);
    if (item.neverCache !== null) return;
    const equal = cache.byKey.get(item.exactKey);
    if (equal) equal.push(place);
    else cache.byKey.set(item.exactKey, [place]);
    if (item.text === "") return;
    const vector = embed(item.text);
    let index = cache.scopes.get(item.scope);
    if (!index) {
      index = openIndex(vector.length);
      cache.scopes.set(item.scope, index);
    }
    index.add(place, vector);
  });
  return cache;
}

function offerTo(item: CacheItem, cache: FilledCache, options: OfferOptions): Offer {
  if (item.neverCache !== null) return { item, tier: "none" };
  const place = cache.placeOf.get(item)!;
  const isLiving = (other: number) =>
    other !== place && Math.abs(cache.items[other]!.at - item.at) <= options.ttlS;
  const equal = cache.byKey.get(item.exactKey)!.find(isLiving);
  if (equal !== undefined) return { item, tier: "exact", entry: cache.items[equal]! };
  const neighbours = nearestLiving(item, cache, options, isLiving);
  const asked = neighbours.map(asCached);
  const at = findServable(item.text, asked);
  if (at < 0) return { item, tier: "none" };
  const { entry, cosine } = neighbours[at]!;
  return { item, tier: "semantic", entry, cosine, features: pairFeatures(item.text, asked, at) };
}

/** Dead neighbours are passed over: a few more are asked for than are needed. */
const spare = 3;

function nearestLiving(
  item: CacheItem,
  { items, scopes }: FilledCache,
  { embed }: OfferOptions,
  isLiving: (place: number) => boolean,
): CacheNeighbour[] {
  const index = item.text === "" ? undefined : scopes.get(item.scope);
  if (!index) return [];
  return index
    .search(embed(item.text), neighboursRead * spare)
    .filter(({ slot }) => isLiving(slot))
    .slice(0, neighboursRead)
    .map(({ slot, cosine }) => ({ entry: items[slot]!, cosine }));
}

/** A neighbour as the same-answer score reads it. */
export function asCached({ entry, cosine }: CacheNeighbour) {
  return {
    similarity: cosine,
    prompt: entry.text,
    answer: entry.answerGroup < 0 ? null : entry.answerGroup,
  };
}
