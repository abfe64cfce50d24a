import type { DecisionRecord } from "./decision-record.js";
import type { LineLog, RecordSink } from "./line-log.js";

/** Takes one record; what it throws, or rejects with, is counted and goes no further. */
export type DecisionSink = RecordSink<DecisionRecord>;

/** Where decisions are logged, and what was lost on the way. */
export type DecisionLog = LineLog<DecisionRecord>;
