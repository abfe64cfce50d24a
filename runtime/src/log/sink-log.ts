import { type LineLog, longestQueue, type RecordSink } from "./line-log.js";

/** Open a log that hands each record to a function of the caller's. */
export function openSinkLog<T>(sink: RecordSink<T>): LineLog<T> {
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
