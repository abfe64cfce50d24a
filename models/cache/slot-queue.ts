const none = -1;

/** A queue of slots (small whole numbers) from which any can be taken out in constant time: a doubly linked list in two arrays.
 * A Set would do but for its front: after deletions it is found by walking over the holes. */
export class SlotQueue {
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  readonly #isIn: boolean[] = [];
  #first = none;
  #last = none;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The slot that has been in longest. */
  get first(): number | undefined {
    return this.#first === none ? undefined : this.#first;
  }

  has(slot: number): boolean {
    return this.#isIn[slot] === true;
  }

  /** Put a slot that isn't in at the end. */
  push(slot: number): void {
    this.#previous[slot] = this.#last;
    this.#next[slot] = none;
    if (this.#last === none) this.#first = slot;
    else this.#next[this.#last] = slot;
    this.#last = slot;
    this.#isIn[slot] = true;
    this.#size += 1;
  }

  /** @returns whether it was in */
  delete(slot: number): boolean {
    if (!this.has(slot)) return false;
    const previous = this.#previous[slot]!;
    const next = this.#next[slot]!;
    if (previous === none) this.#first = next;
    else this.#next[previous] = next;
    if (next === none) this.#last = previous;
    else this.#previous[next] = previous;
    this.#isIn[slot] = false;
    this.#size -= 1;
    return true;
  }
}
