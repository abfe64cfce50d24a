import type { DecisionLog, DecisionSink } from "./decision-log.js";

/** Open a log on a function of the caller's. */
export function openSinkLog(sink: DecisionSink): DecisionLog {
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
