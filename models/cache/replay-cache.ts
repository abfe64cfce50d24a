import type { CacheDecision } from "./cache-decision.js";
import type { CacheItem, Candidate, ServePolicy } from "./cache-item.js";
import { CacheStore, type StoreOptions } from "./cache-store.js";
import type { Recall } from "./measure-recall.js";
import { countDecision, emptyCounts, type ReplayCounts } from "./replay-counts.js";

/** How a cache is replayed. */
export interface ReplayOptions extends Partial<StoreOptions> {
  /** Vector of length 1 of a text, equally long for all: an embedder's `embed`. Exact hits are not embedded. */
  embed: (text: string) => Float32Array;
  policy: ServePolicy;
  /** Nearest entries that the policy sees. */
  neighbours?: number;
  /** What fills the cache: `miss`, as a cache in front would; or `all`, as the log has it, where each request was answered: a later
   * request of an equal key takes the place of the earlier one. */
  insert?: "miss" | "all";
  /** Requests that fill the cache, with their own answers, before the replay; not counted. In the order of time. */
  warm?: Iterable<CacheItem> | AsyncIterable<CacheItem>;
  /** Told of each request in order, while the replay keeps nothing of it. */
  onDecision?: (decision: CacheDecision) => void;
}

/** What a replay came to. */
export interface ReplayTotals extends ReplayCounts {
  /** Living entries that were given up for want of room. */
  evictions: number;
  /** Living entries at the end. */
  entries: number;
  segments: Map<string, ReplayCounts>;
  /** Recall of approximate searches, where there were any; a near entry that wasn't found counts as none. */
  recall: Recall;
}

/** Defaults of a replay, but for what has to be named. */
export const replayDefaults = {
  capacity: 100_000,
  eviction: "lru",
  ttlS: Infinity,
  search: "auto",
  recallEvery: 2_000,
  neighbours: 8,
  insert: "miss",
} as const satisfies Partial<ReplayOptions>;

/** Replay requests through a cache of two tiers: exact (a living entry of the same scope and key) and semantic (the nearest living
 * entries of the same scope, if the policy picks one). What is served is the entry's own answer, so an answer is never passed on from a
 * request that was itself a hit. Memory is bounded by the capacity.
 * @param items in the order of `at`
 * @throws {DataError} if they are out of order
 * @throws {RangeError} on an option out of range */
export async function replayCache(
  items: Iterable<CacheItem> | AsyncIterable<CacheItem>,
  options: ReplayOptions,
): Promise<ReplayTotals> {
  const { warm = [], onDecision, ...settings } = { ...replayDefaults, ...options };
  checkSettings(settings);
  const store = new CacheStore(settings);
  const totals = emptyCounts();
  const segments = new Map<string, ReplayCounts>();
  for await (const item of warm) {
    store.advance(item);
    if (item.neverCache === null) store.put(item, () => settings.embed(item.text));
  }
  for await (const item of items) {
    store.advance(item);
    const decision = decide(store, item, settings);
    countDecision(totals, decision);
    countDecision(segmentOf(segments, item.segment), decision);
    onDecision?.(decision);
  }
  return { ...totals, evictions: store.evictions, entries: store.size, segments, recall: store.recall };
}

type Settings = Required<Pick<ReplayOptions, "embed" | "policy" | "neighbours" | "insert">> & StoreOptions;

function checkSettings({ capacity, ttlS, neighbours, recallEvery }: Settings): void {
  if (!(Number.isInteger(capacity) && capacity >= 1)) {
    throw new RangeError(`capacity is ${capacity}; give a whole number from 1 on`);
  }
  if (!(ttlS > 0)) throw new RangeError(`ttlS is ${ttlS}; give seconds above 0`);
  if (!(recallEvery >= 1)) throw new RangeError(`recallEvery is ${recallEvery}; give a number from 1 on`);
  if (!(Number.isInteger(neighbours) && neighbours >= 1)) {
    throw new RangeError(`neighbours is ${neighbours}; give a whole number from 1 on`);
  }
}

function segmentOf(segments: Map<string, ReplayCounts>, name: string): ReplayCounts {
  let counts = segments.get(name);
  if (counts === undefined) {
    counts = emptyCounts();
    segments.set(name, counts);
  }
  return counts;
}

function decide(store: CacheStore, item: CacheItem, settings: Settings): CacheDecision {
  if (item.neverCache !== null) return missOf(item, "uncacheable", null, false);
  const equal = store.find(item);
  if (equal?.isLiving) {
    if (settings.insert === "all") store.put(item, noVector);
    else store.touch(equal.slot);
    return hitOf(item, "exact", null, equal.entry);
  }
  return decideByNeighbours(store, item, settings, equal !== null);
}

/** @param isEqualDead whether a dead entry has the item's key */
function decideByNeighbours(
  store: CacheStore,
  item: CacheItem,
  { embed, policy, neighbours, insert }: Settings,
  isEqualDead: boolean,
): CacheDecision {
  let vector: Float32Array | undefined;
  const vectorOf = () => {
    vector ??= embed(item.text);
    return vector;
  };
  const found = store.has(item.scope) ? store.nearest(item.scope, vectorOf(), neighbours) : [];
  const living = found.filter(({ isLiving }) => isLiving).slice(0, neighbours);
  const candidate = living.length > 0 ? { item, neighbours: living } : null;
  const picked = candidate === null ? -1 : policy.pick(candidate);
  if (picked >= 0) {
    const { slot, entry } = living[picked]!;
    store.touch(slot);
    if (insert === "all") store.put(item, vectorOf);
    return hitOf(item, "semantic", candidate, entry);
  }
  const isWanted = candidate === null ? true : (policy.learns?.(candidate, isSameAnswer(candidate)) ?? true);
  const isStale =
    isEqualDead ||
    (found[0]?.isLiving === false && policy.pick({ item, neighbours: found.slice(0, neighbours) }) >= 0);
  if (insert === "all" || isWanted) store.put(item, vectorOf);
  return missOf(item, "miss", candidate, isStale);
}

function noVector(): never {
  throw new Error("an entry of the same key is renewed, not embedded");
}

/** Whether the nearest entry's answer serves the request, by truth, else by what the log shows. */
function isSameAnswer({ item, neighbours }: Candidate): boolean | null {
  const { entry } = neighbours[0]!;
  if (item.truth >= 0 && entry.truth >= 0) return item.truth === entry.truth;
  if (item.answerGroup >= 0 && entry.answerGroup >= 0) return item.answerGroup === entry.answerGroup;
  return null;
}

function hitOf(
  item: CacheItem,
  tier: "exact" | "semantic",
  candidate: Candidate | null,
  served: CacheItem,
): CacheDecision {
  const isWrong = item.truth < 0 || served.truth < 0 ? null : item.truth !== served.truth;
  return { item, tier, candidate, served, isWrong, isStale: false };
}

function missOf(
  item: CacheItem,
  tier: "miss" | "uncacheable",
  candidate: Candidate | null,
  isStale: boolean,
): CacheDecision {
  return { item, tier, candidate, served: null, isWrong: null, isStale };
}
