import { hash } from "node:crypto";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";

/** A set of request ids in bounded memory: 64 bits of a hash for each, about 12 bytes at its fullest, tens of millions of ids
 * where a JavaScript Set ends at 16.7 million. It may mistake a new id for a known one (once in 10^6 for five million ids),
 * so a hit is a suspicion to be checked; a miss is certain. */
export class KnownIds {
  private high = new Uint32Array(initialSlots);
  private low = new Uint32Array(initialSlots);
  private size = 0;

  /** Add an id.
   * @returns whether it was new */
  add(requestId: string, attemptNo: number): boolean {
    const digest = hash("sha256", `${attemptNo}\0${requestId}`, "buffer");
    return this.addHash(digest.readUInt32BE(0), digest.readUInt32BE(4));
  }

  /** Add ids that are stored: SQL hashes them many times faster than JavaScript.
   * @param rows FROM-clause item with request_id and attempt_no */
  async addStored(engine: Engine, rows: string): Promise<void> {
    const hashes = engine.chunks<{ high: number; low: number }>(
      readSql("pipelines/ingest/known-ids.sql").replaceAll("FROM $rows", `FROM ${rows}`),
    );
    for await (const chunk of hashes) for (const { high, low } of chunk) this.addHash(high, low);
  }

  private addHash(high: number, low: number): boolean {
    if (this.size * 4 >= this.high.length * 3) this.grow();
    const isNew = place(this.high, this.low, high, low || 1);
    if (isNew) this.size += 1;
    return isNew;
  }

  private grow(): void {
    const high = new Uint32Array(this.high.length * 2);
    const low = new Uint32Array(this.low.length * 2);
    for (let i = 0; i < this.low.length; i++)
      if (this.low[i] !== 0) place(high, low, this.high[i]!, this.low[i]!);
    this.high = high;
    this.low = low;
  }
}

const initialSlots = 2 ** 14;

/** Open addressing with linear probing; a low half of zero marks a free slot. */
function place(high: Uint32Array, low: Uint32Array, highHalf: number, lowHalf: number): boolean {
  const mask = low.length - 1;
  let slot = highHalf & mask;
  while (low[slot] !== 0) {
    if (low[slot] === lowHalf && high[slot] === highHalf) return false;
    slot = (slot + 1) & mask;
  }
  high[slot] = highHalf;
  low[slot] = lowHalf;
  return true;
}
