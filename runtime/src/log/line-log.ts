/** Takes one record; what it throws, or rejects with, is counted and goes no further. */
export type RecordSink<T> = (record: T) => unknown;

/** Where records are logged, and what was lost on the way. */
export interface LineLog<T> {
  /** Take a record without waiting. Never throws. */
  write(record: T): void;
  /** Wait until everything taken so far is written or lost. Never rejects. */
  flush(): Promise<void>;
  /** Records written and lost. */
  counts(): { recorded: number; lost: number };
}

/** Records that may wait; beyond it new ones are lost and counted, so that a stuck disk can't fill memory. */
export const longestQueue = 10_000;
