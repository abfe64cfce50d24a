import { appendLines } from "./append-lines.js";

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
const longestQueue = 10_000;

/** Open a log of one JSON line per record on a file (appended to, created when absent), or on a sink of the caller's.
 * @throws {TypeError} for a path where the host has no file system */
export function openLineLog<T>(target: string | RecordSink<T>): LineLog<T> {
  return typeof target === "string" ? openFileLog(appendLines(target)) : openSinkLog(target);
}

function openSinkLog<T>(sink: RecordSink<T>): LineLog<T> {
  const counts = { recorded: 0, lost: 0 };
  const waiting = new Set<Promise<void>>();

  const settle = (result: PromiseLike<unknown>) => {
    const settled: Promise<void> = Promise.resolve(result)
      .then(
        () => {
          counts.recorded += 1;
        },
        () => {
          counts.lost += 1;
        },
      )
      .finally(() => waiting.delete(settled));
    waiting.add(settled);
  };

  return {
    write(record) {
      if (waiting.size >= longestQueue) {
        counts.lost += 1;
        return;
      }
      try {
        const result = sink(record);
        if (isPromiseLike(result)) settle(result);
        else counts.recorded += 1;
      } catch {
        counts.lost += 1;
      }
    },
    flush: async () => {
      await Promise.all(waiting);
    },
    counts: () => ({ ...counts }),
  };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
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
