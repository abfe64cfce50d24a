import { appendFile } from "node:fs/promises";
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

/** Records that may wait for the disk; beyond it new ones are lost and counted, so that a stuck disk can't fill memory. */
const longestQueue = 10_000;

/** Open a log on a JSONL file (appended to, created when absent) or on a sink of the caller's. */
export function openDecisionLog(target: string | DecisionSink): DecisionLog {
  return typeof target === "string" ? openFileLog(target) : openSinkLog(target);
}

function openSinkLog(sink: DecisionSink): DecisionLog {
  const counts = { recorded: 0, lost: 0 };
  return {
    write(record) {
      try {
        sink(record);
        counts.recorded += 1;
      } catch {
        counts.lost += 1;
      }
    },
    flush: async () => {},
    counts: () => ({ ...counts }),
  };
}

function openFileLog(path: string): DecisionLog {
  const counts = { recorded: 0, lost: 0 };
  let queue: string[] = [];
  let writing: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const lines = queue;
      queue = [];
      try {
        await appendFile(path, lines.join(""));
        counts.recorded += lines.length;
      } catch {
        counts.lost += lines.length;
      }
    }
    writing = null;
  }

  return {
    write(record) {
      if (queue.length >= longestQueue) {
        counts.lost += 1;
        return;
      }
      queue.push(`${JSON.stringify(record)}\n`);
      writing ??= Promise.resolve().then(drain);
    },
    flush: async () => {
      await writing;
    },
    counts: () => ({ ...counts }),
  };
}
