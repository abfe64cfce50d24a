import type { SlotNeighbour } from "../../models/cache/best-slots.js";
import type { NearestIndex } from "../../models/cache/nearest-index.js";
import type { VectorSet } from "./bench-cache-vectors.js";

/** Open an exact index that reads its answers off the lists of a set's neighbours, so that hundreds of replays needn't compare vectors.
 * It knows a text by its vector, the very object that the set's `embed` returns. Where a list holds too few of what is indexed, all
 * vectors are compared. */
export function openListedIndex(set: VectorSet): NearestIndex {
  return new ListedIndex(set);
}

class ListedIndex implements NearestIndex {
  readonly kind = "exact";
  readonly #slotsOfRow = new Map<number, number[]>();
  readonly #rowOfSlot = new Map<number, number>();

  constructor(readonly set: VectorSet) {}

  get size(): number {
    return this.#rowOfSlot.size;
  }

  add(slot: number, vector: Float32Array): void {
    const row = this.set.rowOf.get(vector)!;
    const slots = this.#slotsOfRow.get(row);
    if (slots) slots.push(slot);
    else this.#slotsOfRow.set(row, [slot]);
    this.#rowOfSlot.set(slot, row);
  }

  remove(slot: number): boolean {
    const row = this.#rowOfSlot.get(slot);
    if (row === undefined) return false;
    this.#rowOfSlot.delete(slot);
    const left = this.#slotsOfRow.get(row)!.filter((other) => other !== slot);
    if (left.length > 0) this.#slotsOfRow.set(row, left);
    else this.#slotsOfRow.delete(row);
    return true;
  }

  search(vector: Float32Array, count: number): SlotNeighbour[] {
    const { rowOf, lists } = this.set;
    const row = rowOf.get(vector)!;
    const found: SlotNeighbour[] = [];
    this.#take(found, row, 1, count);
    const end = (row + 1) * lists.width;
    for (let at = row * lists.width; at < end && found.length < count; at++) {
      this.#take(found, lists.rows[at]!, lists.cosines[at]!, count);
    }
    return found.length < Math.min(count, this.size) ? this.searchExactly(vector, count) : found;
  }

  searchExactly(vector: Float32Array, count: number): SlotNeighbour[] {
    const all = [...this.#rowOfSlot].map(([slot, row]) => ({
      slot,
      cosine: dot(vector, this.set.vectors[row]!),
    }));
    return all.sort((a, b) => b.cosine - a.cosine || a.slot - b.slot).slice(0, count);
  }

  #take(found: SlotNeighbour[], row: number, cosine: number, count: number): void {
    const slots = this.#slotsOfRow.get(row);
    if (slots === undefined) return;
    for (const slot of slots) if (found.length < count) found.push({ slot, cosine });
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
