import { createRequire } from "node:module";
import type { Index } from "usearch";
import { BestSlots, type SlotNeighbour } from "./best-slots.js";
import { dotAt, ExactIndex } from "./exact-index.js";
import type { NearestIndex } from "./nearest-index.js";
import type { VectorArena } from "./vector-arena.js";

/** Searches a graph of near vectors (HNSW), in which some of the nearest may not be come upon. The graph holds 8-bit copies; what it finds
 * is compared anew with the arena's float32 vectors.
 * @see Malkov and Yashunin 2018, Efficient and robust approximate nearest neighbor search using HNSW graphs */
export class ApproximateIndex implements NearestIndex {
  readonly kind = "approximate";
  readonly #graph: Index;
  #best = new BestSlots(8);

  /** @param arena vectors to start with, which stays in use */
  constructor(
    readonly arena: VectorArena,
    usearch: Usearch,
  ) {
    this.#graph = new usearch.Index(graphOf(arena.dim, usearch));
    for (const slot of arena.slots) this.#graph.add(BigInt(slot), arena.get(slot)!, oneThread);
  }

  get size(): number {
    return this.arena.size;
  }

  add(slot: number, vector: Float32Array): void {
    this.arena.add(slot, vector);
    this.#graph.add(BigInt(slot), vector, oneThread);
  }

  remove(slot: number): boolean {
    if (!this.arena.remove(slot)) return false;
    this.#graph.remove(BigInt(slot));
    return true;
  }

  search(vector: Float32Array, count: number): SlotNeighbour[] {
    if (this.#best.count !== count) this.#best = new BestSlots(count);
    const { keys } = this.#graph.search(vector, count + spareNeighbours, oneThread);
    for (const key of keys) {
      const slot = Number(key);
      const found = this.arena.get(slot);
      if (found !== null) this.#best.offer(slot, dotAt(vector, found, 0));
    }
    return this.#best.take();
  }

  searchExactly(vector: Float32Array, count: number): SlotNeighbour[] {
    return new ExactIndex(this.arena).search(vector, count);
  }
}

/** What usearch exports. */
export type Usearch = typeof import("usearch");

/** The calls are short and come one by one; threads of usearch's own would only be started and stopped. */
const oneThread = 1;
/** Found beyond those that are asked for, so that rounding to 8 bits can't push out a near one. */
const spareNeighbours = 8;
/** Edges per vector, and vectors that are visited when one is added or searched: usearch's own defaults. */
const connectivity = 16;
const expansionAdd = 128;
const expansionSearch = 64;

function graphOf(dimensions: number, { MetricKind, ScalarKind }: Usearch) {
  return {
    dimensions,
    metric: MetricKind.IP,
    quantization: ScalarKind.I8,
    connectivity,
    expansion_add: expansionAdd,
    expansion_search: expansionSearch,
    multi: false,
  };
}

let loaded: Usearch | null | undefined;

/** The native module; null where it has no build for the platform. */
export function loadUsearch(): Usearch | null {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)("usearch") as Usearch;
    } catch {
      loaded = null;
    }
  }
  return loaded;
}
