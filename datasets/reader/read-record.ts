import type { Reason } from "../quarantine.js";

/** One record as it stands in a file: a line of JSONL, an element of a JSON array, a row of CSV or Parquet. */
export interface ReadRecord {
  /** Line that it starts on, counted from 1; its ordinal where a file has no lines (Parquet). */
  line: number;
  /** The text as read; for a record that was too large, its beginning. */
  raw: string;
  /** The parsed value; absent when there is a problem. */
  value?: unknown;
  /** Why there is no value. */
  problem?: { reason: Reason; detail: string };
}

/** Cuts the bytes of one file into records. Every byte that isn't white space or punctuation between records ends up
 * in some record. */
export interface Splitter {
  /** Take the next bytes and give the records that they complete. */
  push(chunk: Buffer): ReadRecord[];
  /** No more bytes will come: give what is left.
   * @param damage why the bytes ended early, or null at a proper end of file */
  finish(damage: DamagedInput | null): ReadRecord[];
}

/** The rest of a file can't be read: a cut archive, a wrong checksum, no permission. What was read before it stands. */
export class DamagedInput extends Error {
  override name = "DamagedInput";
  constructor(
    readonly reason: Reason,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** Longest text that is kept of a record too large to read. */
export const oversizedPrefixChars = 1000;
