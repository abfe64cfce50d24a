import { appendFile } from "node:fs/promises";
import type { DecisionLog, DecisionSink } from "./decision-log.js";
import { openSinkLog } from "./sink-log.js";

/** Records that may wait for the disk; beyond it new ones are lost and counted, so that a stuck disk can't fill memory. */
const longestQueue = 10_000;

/** Open a log on a JSONL file (appended to, created when absent) or on a sink of the caller's. */
export function openDecisionLog(target: string | DecisionSink): DecisionLog {
  return typeof target === "string" ? openFileLog(target) : openSinkLog(target);
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
