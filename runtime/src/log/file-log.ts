import { appendLines } from "./append-lines.js";
import { type LineLog, longestQueue, type RecordSink } from "./line-log.js";
import { openSinkLog } from "./sink-log.js";

/** Open a log of one JSON line per record on a file (appended to, created when absent), or on a sink of the caller's.
 * @throws {TypeError} for a path where the host has no file system */
export function openLineLog<T>(target: string | RecordSink<T>): LineLog<T> {
  return typeof target === "string" ? openFileLog(appendLines(target)) : openSinkLog(target);
}

function openFileLog<T>(append: (text: string) => Promise<void>): LineLog<T> {
  const counts = { recorded: 0, lost: 0 };
  let queue: string[] = [];
  let writing: Promise<void> | null = null;
  // A write that failed may have left part of a line, which must not swallow the next one.
  let mayBeTorn = false;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const lines = queue;
      queue = [];
      try {
        await append(`${mayBeTorn ? "\n" : ""}${lines.join("")}`);
        mayBeTorn = false;
        counts.recorded += lines.length;
      } catch {
        mayBeTorn = true;
        counts.lost += lines.length;
      }
    }
    writing = null;
  }

  return {
    write(record) {
      try {
        if (queue.length >= longestQueue) throw new RangeError("the log's queue is full");
        queue.push(`${JSON.stringify(record)}\n`);
        writing ??= Promise.resolve().then(drain);
      } catch {
        counts.lost += 1;
      }
    },
    flush: async () => {
      await writing;
    },
    counts: () => ({ ...counts }),
  };
}
