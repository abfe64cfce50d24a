import type { Decision } from "@signalbox/runtime";

/** Decisions that wait for their result. */
export interface RecentDecisions {
  add(decision: Decision): void;
  /** The decision with this request id, which is then forgotten; null when there is none. */
  take(requestId: string): Decision | null;
  /** Give up waiting for all of them. */
  clear(): void;
  size(): number;
}

/** Keep decisions until their result comes. One that leaves without (too many, too old, taken over by another with its id) goes to
 * `onLeft`, so that no decision is missing from the log.
 * @param capacity the oldest leaves beyond this many
 * @param maxAgeMs age at which one leaves, looked at when another is added */
export function keepRecentDecisions({
  capacity,
  maxAgeMs,
  clock,
  onLeft,
}: {
  capacity: number;
  maxAgeMs: number;
  clock: () => number;
  onLeft: (decision: Decision) => void;
}): RecentDecisions {
  const waiting = new Map<string, { decision: Decision; at: number }>();
  const leave = (requestId: string) => {
    const found = waiting.get(requestId);
    waiting.delete(requestId);
    if (found !== undefined) onLeft(found.decision);
  };
  return {
    add(decision) {
      leave(decision.requestId);
      const now = clock();
      waiting.set(decision.requestId, { decision, at: now });
      for (const [requestId, { at }] of waiting) {
        if (waiting.size <= capacity && now - at <= maxAgeMs) break;
        leave(requestId);
      }
    },
    take(requestId) {
      const found = waiting.get(requestId);
      waiting.delete(requestId);
      return found?.decision ?? null;
    },
    clear: () => [...waiting.keys()].forEach(leave),
    size: () => waiting.size,
  };
}
