import type { CacheItem, CacheNeighbour, ServePolicy } from "../../models/cache/cache-item.js";
import { countDecision, emptyCounts, type ReplayCounts } from "../../models/cache/replay-counts.js";
import type { VectorSet } from "./bench-cache-vectors.js";

/** What `replayCache` counts for requests of one scope, warm with the older part, no larger than it, least recently used entries given up
 * first: some thousand replays of the benchmark take minutes with it. Neighbours come from the set's lists; what a list doesn't hold isn't found.
 * @param neighbours nearest entries that the policy sees */
export function replayListed(
  { older, later, vectors }: { older: readonly CacheItem[]; later: readonly CacheItem[]; vectors: VectorSet },
  policy: ServePolicy,
  neighbours: number,
): ReplayCounts {
  const cache = new ListedCache(vectors, older.length);
  for (const item of older) if (item.neverCache === null) cache.put(item);
  const counts = emptyCounts();
  for (const item of later) {
    const missed = { item, candidate: null, served: null, isWrong: null, isStale: false };
    if (item.neverCache !== null) {
      countDecision(counts, { ...missed, tier: "uncacheable" });
      continue;
    }
    const equal = cache.find(item);
    const near = equal === undefined ? cache.nearest(item, neighbours) : [];
    const at = near.length === 0 ? -1 : policy.pick({ item, neighbours: near });
    const served = equal ?? near[at]?.entry;
    if (served === undefined) {
      cache.put(item);
      countDecision(counts, { ...missed, tier: "miss" });
    } else {
      cache.touch(served);
      const isWrong = item.truth !== served.truth;
      countDecision(counts, { ...missed, served, isWrong, tier: equal === undefined ? "semantic" : "exact" });
    }
  }
  return counts;
}

class ListedCache {
  /** By exact key, the least recently used first. */
  readonly #entries = new Map<string, CacheItem>();
  readonly #keyOfRow: Array<string | undefined>;
  readonly #rowOfKey = new Map<string, number>();

  constructor(
    readonly vectors: VectorSet,
    readonly capacity: number,
  ) {
    this.#keyOfRow = new Array(vectors.vectors.length).fill(undefined);
  }

  find({ exactKey }: CacheItem): CacheItem | undefined {
    return this.#entries.get(exactKey);
  }

  touch(entry: CacheItem): void {
    this.#entries.delete(entry.exactKey);
    this.#entries.set(entry.exactKey, entry);
  }

  /** An entry of the same key keeps its vector, and gets the new answer. */
  put(item: CacheItem): void {
    if (!this.#entries.has(item.exactKey)) {
      if (this.#entries.size >= this.capacity) this.#evict();
      const row = this.#rowOf(item);
      this.#keyOfRow[row] = item.exactKey;
      this.#rowOfKey.set(item.exactKey, row);
    }
    this.touch(item);
  }

  nearest(item: CacheItem, count: number): CacheNeighbour[] {
    const { width, rows, cosines } = this.vectors.lists;
    const row = this.#rowOf(item);
    const found: CacheNeighbour[] = [];
    for (let at = row * width; at < (row + 1) * width && found.length < count; at++) {
      const key = this.#keyOfRow[rows[at]!];
      if (key !== undefined) found.push({ entry: this.#entries.get(key)!, cosine: cosines[at]! });
    }
    return found;
  }

  #evict(): void {
    const [key] = this.#entries.keys();
    this.#entries.delete(key!);
    this.#keyOfRow[this.#rowOfKey.get(key!)!] = undefined;
    this.#rowOfKey.delete(key!);
  }

  #rowOf({ text }: CacheItem): number {
    return this.vectors.rowOf.get(this.vectors.embed(text))!;
  }
}
