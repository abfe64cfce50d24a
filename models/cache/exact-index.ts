import { BestSlots, type SlotNeighbour } from "./best-slots.js";
import type { NearestIndex } from "./nearest-index.js";
import type { VectorArena } from "./vector-arena.js";

/** Compares a query with every vector. */
export class ExactIndex implements NearestIndex {
  readonly kind = "exact";
  #best = new BestSlots(8);

  constructor(readonly arena: VectorArena) {}

  get size(): number {
    return this.arena.size;
  }

  add(slot: number, vector: Float32Array): void {
    this.arena.add(slot, vector);
  }

  remove(slot: number): boolean {
    return this.arena.remove(slot);
  }

  search(vector: Float32Array, count: number): SlotNeighbour[] {
    return this.searchExactly(vector, count);
  }

  searchExactly(vector: Float32Array, count: number): SlotNeighbour[] {
    if (this.#best.count !== count) this.#best = new BestSlots(count);
    const best = this.#best;
    const { chunks, slots, dim } = this.arena;
    let row = 0;
    for (const chunk of chunks) {
      const to = Math.min(slots.length, row + chunk.length / dim);
      for (let at = 0; row < to; row++, at += dim) {
        const cosine = dotAt(vector, chunk, at);
        if (cosine >= best.floor) best.offer(slots[row]!, cosine);
      }
    }
    return best.take();
  }
}

/** Dot product of a vector and the equally long run of numbers from `from` on; four sums at once, which a CPU adds in parallel. */
export function dotAt(vector: Float32Array, numbers: Float32Array, from: number): number {
  const { length } = vector;
  const even = length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < even; i += 4) {
    a += vector[i]! * numbers[from + i]!;
    b += vector[i + 1]! * numbers[from + i + 1]!;
    c += vector[i + 2]! * numbers[from + i + 2]!;
    d += vector[i + 3]! * numbers[from + i + 3]!;
  }
  for (; i < length; i++) a += vector[i]! * numbers[from + i]!;
  return a + b + (c + d);
}
