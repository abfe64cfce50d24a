/** A slot near a query. */
export interface SlotNeighbour {
  slot: number;
  cosine: number;
}

/** The `count` best of the slots that it is offered: highest cosine first, equal ones by slot. */
export class BestSlots {
  #size = 0;
  readonly #slots: Int32Array;
  readonly #cosines: Float64Array;
  /** Cosine of the worst kept slot; minus infinity while there is room. */
  #floor = -Infinity;

  constructor(readonly count: number) {
    this.#slots = new Int32Array(count);
    this.#cosines = new Float64Array(count);
  }

  get floor(): number {
    return this.#floor;
  }

  offer(slot: number, cosine: number): void {
    let at = this.#size;
    if (at === this.count && !this.#precedes(slot, cosine, at - 1)) return;
    if (at === this.count) at -= 1;
    else this.#size += 1;
    for (; at > 0 && this.#precedes(slot, cosine, at - 1); at--) {
      this.#slots[at] = this.#slots[at - 1]!;
      this.#cosines[at] = this.#cosines[at - 1]!;
    }
    this.#slots[at] = slot;
    this.#cosines[at] = cosine;
    if (this.#size === this.count) this.#floor = this.#cosines[this.count - 1]!;
  }

  /** Hand out what was kept, and start again. */
  take(): SlotNeighbour[] {
    const best = new Array<SlotNeighbour>(this.#size);
    for (let i = 0; i < best.length; i++) best[i] = { slot: this.#slots[i]!, cosine: this.#cosines[i]! };
    this.#size = 0;
    this.#floor = -Infinity;
    return best;
  }

  #precedes(slot: number, cosine: number, at: number): boolean {
    const other = this.#cosines[at]!;
    return cosine > other || (cosine === other && slot < this.#slots[at]!);
  }
}
