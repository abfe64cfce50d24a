/** Which entry a full cache gives up: the least recently used, the least often used, or the one that is worth least. */
export const evictionKinds = ["lru", "lfu", "cost"] as const;
export type EvictionKind = (typeof evictionKinds)[number];

/** Entries in the order in which a full cache gives them up; equal ones by last use, the oldest first. An entry's worth is
 * - lru: nothing, so that the last use decides;
 * - lfu: L + uses;
 * - cost: L + uses x USD that a hit saves,
 * where L is the worth of the last evicted entry, so that what was popular long ago ages. Entries count as equally large.
 * @see Cherkasova 1998, Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching Policy; with a cost of 1 it is
 *   Arlitt et al. 2000's LFU with dynamic aging */
export class EvictionQueue {
  readonly #heap: number[] = [];
  /** By slot. */
  readonly #places: number[] = [];
  readonly #worth: number[] = [];
  readonly #uses: number[] = [];
  readonly #lastUse: number[] = [];
  readonly #costs: number[] = [];
  #clock = 0;
  #age = 0;

  constructor(readonly kind: EvictionKind) {}

  get size(): number {
    return this.#heap.length;
  }

  /** @param costUsd what a hit saves; null = unknown, which counts as 0: such entries go first under `cost` */
  add(slot: number, costUsd: number | null): void {
    this.#uses[slot] = 0;
    this.#costs[slot] = this.kind === "cost" ? (costUsd ?? 0) : 1;
    this.#places[slot] = this.#heap.length;
    this.#heap.push(slot);
    this.touch(slot);
  }

  /** Note a use: of a new entry, or a hit. */
  touch(slot: number): void {
    this.#uses[slot]! += 1;
    this.#lastUse[slot] = this.#clock++;
    this.#worth[slot] = this.kind === "lru" ? 0 : this.#age + this.#uses[slot]! * this.#costs[slot]!;
    this.#settle(this.#places[slot]!);
  }

  remove(slot: number): void {
    const place = this.#places[slot]!;
    const last = this.#heap.pop()!;
    if (last === slot) return;
    this.#put(last, place);
    this.#settle(place);
  }

  /** Take out the entry that is given up.
   * @returns its slot; undefined if there is none */
  evict(): number | undefined {
    const slot = this.#heap[0];
    if (slot === undefined) return undefined;
    this.#age = this.#worth[slot]!;
    this.remove(slot);
    return slot;
  }

  #settle(start: number): void {
    const slot = this.#heap[start]!;
    let place = start;
    for (let parent = (place - 1) >> 1; place > 0; parent = (place - 1) >> 1) {
      if (!this.#precedes(slot, this.#heap[parent]!)) break;
      this.#put(this.#heap[parent]!, place);
      place = parent;
    }
    for (let child = 2 * place + 1; child < this.#heap.length; child = 2 * place + 1) {
      const right = child + 1;
      if (right < this.#heap.length && this.#precedes(this.#heap[right]!, this.#heap[child]!)) child = right;
      if (!this.#precedes(this.#heap[child]!, slot)) break;
      this.#put(this.#heap[child]!, place);
      place = child;
    }
    this.#put(slot, place);
  }

  #put(slot: number, place: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }

  #precedes(a: number, b: number): boolean {
    return (
      this.#worth[a]! < this.#worth[b]! ||
      (this.#worth[a] === this.#worth[b] && this.#lastUse[a]! < this.#lastUse[b]!)
    );
  }
}
