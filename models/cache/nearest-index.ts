import { InputError } from "../../datasets/errors.js";
import { ApproximateIndex, loadUsearch, type Usearch } from "./approximate-index.js";
import type { SlotNeighbour } from "./best-slots.js";
import { ExactIndex } from "./exact-index.js";
import { VectorArena } from "./vector-arena.js";

/** Vectors of length 1 under numbers of the caller's choice, searched by cosine. */
export interface NearestIndex {
  /** How it is searched now: an `auto` index changes. */
  readonly kind: "exact" | "approximate";
  readonly size: number;
  /** @throws {RangeError} if the vector has another length than the index, or the slot is taken */
  add(slot: number, vector: Float32Array): void;
  /** @returns false if there is no such slot */
  remove(slot: number): boolean;
  /** The nearest slots, highest cosine first, equal ones by slot; fewer than `count` where there are fewer, or an approximate
   * search didn't come upon them. Their cosines are exact. */
  search(vector: Float32Array, count: number): SlotNeighbour[];
  /** The nearest slots by comparing with all of them, however the index is searched. */
  searchExactly(vector: Float32Array, count: number): SlotNeighbour[];
}

/** How vectors are searched: all of them, a graph, or all of them while they are few and a graph beyond. */
export const nearestKinds = ["exact", "approximate", "auto"] as const;
export type NearestKind = (typeof nearestKinds)[number];

/** Vectors from which on a graph is searched. With entries that come and go, both ways take as long at some 350 vectors of 512 numbers,
 * and at 1,200 the graph takes half (bench-cache-replay 10000 1 CAPACITY exact|approximate). */
const graphSize = 500;

/** Open an empty index.
 * @param dim length of its vectors
 * @param kind `auto` stays exact where usearch has no build for the platform
 * @throws {InputError} if an approximate one is asked for and usearch has no build for the platform */
export function openNearestIndex({ dim, kind }: { dim: number; kind: NearestKind }): NearestIndex {
  const usearch = kind === "exact" ? null : loadUsearch();
  if (kind === "approximate" && usearch === null) {
    throw new InputError(`${exactSearchNotice()}; ask for exact or auto`);
  }
  const arena = new VectorArena(dim);
  if (usearch === null) return new ExactIndex(arena);
  return kind === "approximate" ? new ApproximateIndex(arena, usearch) : new GrowingIndex(arena, usearch);
}

/** What to tell a user for whom every search is exact: that usearch has no build for the platform. Null where it has. */
export function exactSearchNotice(): string | null {
  if (loadUsearch() !== null) return null;
  return `usearch has no build for ${process.platform} ${process.arch}: near entries are searched exactly, which is slow beyond some thousand`;
}

/** Exact while it is small. It stays approximate once it was large. */
class GrowingIndex implements NearestIndex {
  #index: NearestIndex;

  constructor(
    readonly arena: VectorArena,
    readonly usearch: Usearch,
  ) {
    this.#index = new ExactIndex(arena);
  }

  get kind() {
    return this.#index.kind;
  }

  get size(): number {
    return this.#index.size;
  }

  add(slot: number, vector: Float32Array): void {
    this.#index.add(slot, vector);
    if (this.kind === "exact" && this.size > graphSize) {
      this.#index = new ApproximateIndex(this.arena, this.usearch);
    }
  }

  remove(slot: number): boolean {
    return this.#index.remove(slot);
  }

  search(vector: Float32Array, count: number): SlotNeighbour[] {
    return this.#index.search(vector, count);
  }

  searchExactly(vector: Float32Array, count: number): SlotNeighbour[] {
    return this.#index.searchExactly(vector, count);
  }
}
