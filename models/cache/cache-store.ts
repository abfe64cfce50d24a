import { DataError } from "../../datasets/errors.js";
import type { CacheItem, CacheNeighbour } from "./cache-item.js";
import { type EvictionKind, EvictionQueue } from "./eviction-queue.js";
import { addRecall, emptyRecall, measureRecall, type Recall } from "./measure-recall.js";
import { type NearestIndex, type NearestKind, openNearestIndex } from "./nearest-index.js";
import { SlotQueue } from "./slot-queue.js";

/** Limits of a replayed cache. */
export interface StoreOptions {
  /** Most living entries, over all scopes. */
  capacity: number;
  eviction: EvictionKind;
  /** Seconds that an entry lives; Infinity = for ever. */
  ttlS: number;
  search: NearestKind;
  /** Opens the index of a scope; default one of the cache's own. */
  openIndex?: (options: { scope: string; dim: number; kind: NearestKind }) => NearestIndex;
  /** Of the searches of a graph, every how many-th is repeated exactly to measure its recall; Infinity = none. */
  recallEvery: number;
}

/** An entry with the place that it has. */
export interface StoredEntry {
  slot: number;
  entry: CacheItem;
  isLiving: boolean;
}

/** Entries of one scope. */
interface Partition {
  slotOfKey: Map<string, number>;
  index: NearestIndex;
}

/** Entries of a replayed cache: one per scope and exact key. An entry past its time to live is dead, but stays for as long again while
 * there is room, so that what it would have served can be counted; the dead make room before any of the living are evicted. */
export class CacheStore {
  readonly #entries: Array<CacheItem | undefined> = [];
  readonly #freeSlots: number[] = [];
  readonly #partitions = new Map<string, Partition>();
  readonly #living: EvictionQueue;
  /** Slots of the living and of the dead by age, the oldest first. */
  readonly #livingByAge = new SlotQueue();
  readonly #deadByAge = new SlotQueue();
  /** Recall of the approximate searches, as sampled. */
  readonly recall: Recall = emptyRecall();
  #graphSearches = 0;
  #evictions = 0;
  #now = -Infinity;

  constructor(readonly options: StoreOptions) {
    this.#living = new EvictionQueue(options.eviction);
  }

  /** Living entries that were given up for want of room. */
  get evictions(): number {
    return this.#evictions;
  }

  get size(): number {
    return this.#living.size;
  }

  /** Let time pass: entries die, and the long dead go.
   * @throws {DataError} if it goes backwards */
  advance(item: CacheItem): void {
    if (item.at < this.#now) {
      throw new DataError(`request ${item.id}: earlier than the one before it; sort the stream by time`);
    }
    this.#now = item.at;
    if (this.options.ttlS === Infinity) return;
    for (
      let slot = this.#livingByAge.first;
      this.#isOlderThan(slot, this.options.ttlS);
      slot = this.#livingByAge.first
    ) {
      this.#livingByAge.delete(slot);
      this.#living.remove(slot);
      this.#deadByAge.push(slot);
    }
    for (
      let slot = this.#deadByAge.first;
      this.#isOlderThan(slot, 2 * this.options.ttlS);
      slot = this.#deadByAge.first
    ) {
      this.#drop(slot);
    }
  }

  /** The entry of the same scope and exact key. */
  find(item: CacheItem): StoredEntry | null {
    const slot = this.#partitions.get(item.scope)?.slotOfKey.get(item.exactKey);
    return slot === undefined ? null : this.#read(slot);
  }

  /** Whether a scope has entries to compare with. */
  has(scope: string): boolean {
    return this.#partitions.has(scope);
  }

  /** The nearest entries of a scope, living and dead, the nearest first, with at least `count` living ones where there are as many. */
  nearest(scope: string, vector: Float32Array, count: number): Array<StoredEntry & CacheNeighbour> {
    const index = this.#partitions.get(scope)?.index;
    if (!index) return [];
    if (index.kind === "approximate" && this.#graphSearches++ % this.options.recallEvery === 0) {
      addRecall(this.recall, measureRecall(index, [vector], count));
    }
    for (let wanted = count; ; wanted *= 2) {
      const found = index.search(vector, wanted).map(({ slot, cosine }) => ({ ...this.#read(slot), cosine }));
      const isEnough = found.length < wanted || this.#deadByAge.size === 0;
      if (isEnough || found.filter(({ isLiving }) => isLiving).length >= count) return found;
    }
  }

  /** Note that an entry was served. */
  touch(slot: number): void {
    this.#living.touch(slot);
  }

  /** Make an item an entry, in the place of that with its key, if there is one.
   * @param vector of its text; not read where there is an entry with its key */
  put(item: CacheItem, vector: () => Float32Array): void {
    const slot = this.#partitions.get(item.scope)?.slotOfKey.get(item.exactKey);
    if (slot !== undefined) this.#renew(slot, item);
    else this.#insert(item, vector());
  }

  #renew(slot: number, item: CacheItem): void {
    this.#entries[slot] = item;
    if (this.#deadByAge.delete(slot)) this.#enliven(slot, item);
    else {
      this.#livingByAge.delete(slot);
      this.#livingByAge.push(slot);
      this.#living.touch(slot);
    }
  }

  #insert(item: CacheItem, vector: Float32Array): void {
    this.#makeRoom();
    let partition = this.#partitions.get(item.scope);
    if (partition === undefined) {
      const { openIndex = openNearestIndex, search: kind } = this.options;
      const index = openIndex({ scope: item.scope, dim: vector.length, kind });
      partition = { slotOfKey: new Map(), index };
      this.#partitions.set(item.scope, partition);
    }
    const slot = this.#freeSlots.pop() ?? this.#entries.length;
    this.#entries[slot] = item;
    partition.slotOfKey.set(item.exactKey, slot);
    partition.index.add(slot, vector);
    this.#enliven(slot, item);
  }

  #enliven(slot: number, item: CacheItem): void {
    this.#living.add(slot, item.costUsd);
    this.#livingByAge.push(slot);
  }

  #makeRoom(): void {
    if (this.#living.size + this.#deadByAge.size < this.options.capacity) return;
    const oldestDead = this.#deadByAge.first;
    if (oldestDead !== undefined) {
      this.#drop(oldestDead);
      return;
    }
    const slot = this.#living.evict();
    if (slot === undefined) return;
    this.#livingByAge.delete(slot);
    this.#evictions += 1;
    this.#drop(slot);
  }

  #drop(slot: number): void {
    const { scope, exactKey } = this.#entries[slot]!;
    const partition = this.#partitions.get(scope)!;
    partition.index.remove(slot);
    partition.slotOfKey.delete(exactKey);
    if (partition.slotOfKey.size === 0) this.#partitions.delete(scope);
    this.#deadByAge.delete(slot);
    this.#entries[slot] = undefined;
    this.#freeSlots.push(slot);
  }

  #read(slot: number): StoredEntry {
    return { slot, entry: this.#entries[slot]!, isLiving: !this.#deadByAge.has(slot) };
  }

  #isOlderThan(slot: number | undefined, seconds: number): slot is number {
    return slot !== undefined && this.#now - this.#entries[slot]!.at > seconds;
  }
}
