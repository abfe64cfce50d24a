import type { DecisionRecord } from "./decision-record.js";

/** Takes one record; may throw, which is counted and goes no further. */
export type DecisionSink = (record: DecisionRecord) => void;

/** Where decisions are logged, and what was lost on the way. */
export interface DecisionLog {
  /** Take a record without waiting. Never throws. */
  write(record: DecisionRecord): void;
  /** Wait until everything taken so far is written or lost. Never rejects. */
  flush(): Promise<void>;
  /** Records taken and lost. */
  counts(): { recorded: number; lost: number };
}
