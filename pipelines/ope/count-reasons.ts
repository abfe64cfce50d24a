/** Counts records that can't be used, by reason. */
export interface ReasonCounts {
  add(reason: string, records?: number): void;
  /** The most frequent first. */
  list(): Array<{ reason: string; records: number }>;
}

/** Open an empty count. */
export function countReasons(): ReasonCounts {
  const counts = new Map<string, number>();
  return {
    add: (reason, records = 1) => {
      counts.set(reason, (counts.get(reason) ?? 0) + records);
    },
    list: () =>
      [...counts]
        .map(([reason, records]) => ({ reason, records }))
        .sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1)),
  };
}
