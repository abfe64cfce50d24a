import type { SlotNeighbour } from "./best-slots.js";
import { dotAt } from "./exact-index.js";
import { type NearestIndex, type NearestKind, openNearestIndex } from "./nearest-index.js";

/** Indexes that several caches search together: a vector lies in one index for all the caches that hold it, and the search for a query
 * is done once for all. Caches that run in step over one stream hold much the same, so ten of them cost little more than one.
 *
 * A query is recognised by its object: the caches must be asked with the same vector, one query after another. */
export class SharedIndexes {
  readonly #indexes = new Map<string, SharedIndex>();

  /** How one of the caches opens its indexes.
   * @param floor least cosine that the cache can use: what is less near may be missing from what it finds */
  opener(floor: number): (options: { scope: string; dim: number; kind: NearestKind }) => NearestIndex {
    return ({ scope, dim, kind }) => {
      let index = this.#indexes.get(scope);
      if (index === undefined) {
        index = new SharedIndex(openNearestIndex({ dim, kind }), () => this.#indexes.delete(scope));
        this.#indexes.set(scope, index);
      }
      return new IndexView(index, floor);
    };
  }
}

class SharedIndex {
  /** By slot; empty where the slot is free. */
  readonly vectors: Array<Float32Array | null> = [];
  readonly #holders: number[] = [];
  readonly #freeSlots: number[] = [];
  #last: { vector: Float32Array; slot: number } | null = null;
  #query: { vector: Float32Array; wanted: number; found: SlotNeighbour[] } | null = null;

  constructor(
    readonly index: NearestIndex,
    readonly onEmpty: () => void,
  ) {}

  /** Hold a vector once more. */
  add(vector: Float32Array): number {
    if (this.#last?.vector !== vector) {
      const slot = this.#freeSlots.pop() ?? this.vectors.length;
      this.vectors[slot] = vector;
      this.#holders[slot] = 0;
      this.index.add(slot, vector);
      this.#last = { vector, slot };
    }
    this.#holders[this.#last.slot]! += 1;
    return this.#last.slot;
  }

  remove(slot: number): void {
    this.#holders[slot]! -= 1;
    if (this.#holders[slot]! > 0) return;
    this.index.remove(slot);
    this.vectors[slot] = null;
    this.#freeSlots.push(slot);
    if (this.#last?.slot === slot) this.#last = null;
    if (this.index.size === 0) this.onEmpty();
  }

  search(vector: Float32Array, wanted: number): SlotNeighbour[] {
    if (this.#query?.vector !== vector || this.#query.wanted < wanted) {
      this.#query = { vector, wanted, found: this.index.search(vector, wanted) };
    }
    return this.#query.found;
  }
}

/** Neighbours that are asked for first, and beyond which a cache compares its own vectors one by one: where so many are near, a
 * cache that holds few of them holds few in all. */
const firstWanted = 16;
const mostWanted = 256;

/** The part of a shared index that one cache holds, under the cache's own slots. */
class IndexView implements NearestIndex {
  readonly #sharedOf = new Map<number, number>();
  /** By shared slot. */
  readonly #slotOf: Array<number | undefined> = [];

  constructor(
    readonly shared: SharedIndex,
    readonly floor: number,
  ) {}

  get kind() {
    return this.shared.index.kind;
  }

  get size(): number {
    return this.#sharedOf.size;
  }

  add(slot: number, vector: Float32Array): void {
    const held = this.shared.add(vector);
    this.#sharedOf.set(slot, held);
    this.#slotOf[held] = slot;
  }

  remove(slot: number): boolean {
    const held = this.#sharedOf.get(slot);
    if (held === undefined) return false;
    this.#sharedOf.delete(slot);
    this.#slotOf[held] = undefined;
    this.shared.remove(held);
    return true;
  }

  search(vector: Float32Array, count: number): SlotNeighbour[] {
    for (let wanted = Math.max(firstWanted, count); wanted <= mostWanted; wanted *= 4) {
      const found = this.shared.search(vector, wanted);
      const own = this.#ownOf(found);
      const isAll = found.length < wanted || found.at(-1)!.cosine < this.floor;
      if (isAll || own.length >= count) return nearestFirst(own, count);
    }
    return this.searchExactly(vector, count);
  }

  searchExactly(vector: Float32Array, count: number): SlotNeighbour[] {
    const all = [...this.#sharedOf].map(([slot, held]) => ({
      slot,
      cosine: dotAt(vector, this.shared.vectors[held]!, 0),
    }));
    return nearestFirst(all, count);
  }

  #ownOf(found: readonly SlotNeighbour[]): SlotNeighbour[] {
    const own: SlotNeighbour[] = [];
    for (const { slot: held, cosine } of found) {
      if (cosine < this.floor) break;
      const slot = this.#slotOf[held];
      if (slot !== undefined) own.push({ slot, cosine });
    }
    return own;
  }
}

function nearestFirst(neighbours: SlotNeighbour[], count: number): SlotNeighbour[] {
  return neighbours.sort((a, b) => b.cosine - a.cosine || a.slot - b.slot).slice(0, count);
}
