const rowBits = 8;
const rowsPerChunk = 1 << rowBits;
const rowMask = rowsPerChunk - 1;

/** Vectors of one length side by side, found by slot. They lie in chunks of 256 rows, the first of which grows from one row, so
 * that an arena of one vector is as small as the vector; the last row takes the place of a removed one. */
export class VectorArena {
  /** Chunk c holds the rows from 256 c on, row-major. */
  readonly chunks: Float32Array[] = [];
  /** Slot of each row. */
  readonly slots: number[] = [];
  readonly #rows = new Map<number, number>();

  /** @param dim length of every vector */
  constructor(readonly dim: number) {}

  get size(): number {
    return this.slots.length;
  }

  /** Copy a vector in.
   * @throws {RangeError} if it has another length, or the slot is taken */
  add(slot: number, vector: Float32Array): void {
    if (vector.length !== this.dim) {
      throw new RangeError(`a vector of ${vector.length} numbers in an index of ${this.dim}`);
    }
    if (this.#rows.has(slot)) throw new RangeError(`slot ${slot} is taken; remove it first`);
    const row = this.slots.length;
    this.#makeRoom(row);
    this.chunks[row >> rowBits]!.set(vector, (row & rowMask) * this.dim);
    this.slots.push(slot);
    this.#rows.set(slot, row);
  }

  /** @returns false if there is no such slot */
  remove(slot: number): boolean {
    const row = this.#rows.get(slot);
    if (row === undefined) return false;
    const last = this.slots.pop()!;
    this.#rows.delete(slot);
    if (last !== slot) {
      this.chunks[row >> rowBits]!.set(this.#view(this.slots.length), (row & rowMask) * this.dim);
      this.slots[row] = last;
      this.#rows.set(last, row);
    }
    this.chunks.length = (this.slots.length + rowMask) >> rowBits;
    return true;
  }

  /** The vector of a slot, in place: valid until the next change. */
  get(slot: number): Float32Array | null {
    const row = this.#rows.get(slot);
    return row === undefined ? null : this.#view(row);
  }

  #view(row: number): Float32Array {
    const from = (row & rowMask) * this.dim;
    return this.chunks[row >> rowBits]!.subarray(from, from + this.dim);
  }

  #makeRoom(row: number): void {
    const chunk = this.chunks[row >> rowBits];
    const at = row & rowMask;
    if (chunk === undefined) {
      this.chunks.push(new Float32Array((row === 0 ? 1 : rowsPerChunk) * this.dim));
    } else if (at * this.dim === chunk.length) {
      const larger = new Float32Array(2 * chunk.length);
      larger.set(chunk);
      this.chunks[row >> rowBits] = larger;
    }
  }
}
