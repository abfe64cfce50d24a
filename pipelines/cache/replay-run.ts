import type { CacheCurveRow, CachePrices, CacheSegmentRow } from "../../datasets/cache-result.js";
import type { CacheDecision } from "../../models/cache/cache-decision.js";
import type { ServePolicy } from "../../models/cache/cache-item.js";
import type { EvictionKind } from "../../models/cache/eviction-queue.js";
import { type ReplayTotals, replayCache } from "../../models/cache/replay-cache.js";
import type { EmbeddedItems } from "./embedded-items.js";
import { RunTally } from "./run-tally.js";
import { summariseRun } from "./summarise-run.js";

/** What all replays of a curve share. */
export interface ReplaySettings {
  items: EmbeddedItems;
  /** Requests in all. */
  total: number;
  ttlS: number;
  capacity: number;
  eviction: EvictionKind;
  prices: CachePrices;
  isTruthKnown: boolean;
  /** Time of the last request in seconds since 1970, and days from the first to it; null and 0 where the stream has no times. */
  end: number | null;
  days: number;
}

/** One replay, as the curve and the segments show it. */
export interface ReplayedRun {
  row: CacheCurveRow;
  segments: Map<string, { requests: number; uncacheable: number; point: CacheSegmentRow["curve"][number] }>;
}

/** Replay all items at one policy and lay the figures out.
 * @param minCosine threshold of the policy; null = the exact tier alone, which pays for no embedding
 * @param watch.onDecision is told of each request in order
 * @param watch.onBatch is waited for after every few thousand requests */
export async function replayRun(
  settings: ReplaySettings,
  minCosine: number | null,
  policy: ServePolicy,
  watch: { onDecision?: (decision: CacheDecision) => void; onBatch?: () => Promise<void> },
): Promise<ReplayedRun> {
  const { items, embed } = settings.items.pass(watch.onBatch);
  const tally = new RunTally(settings, minCosine !== null);
  const totals = await replayCache(items, {
    embed,
    policy,
    neighbours: 1,
    ttlS: settings.ttlS,
    capacity: settings.capacity,
    eviction: settings.eviction,
    onDecision(decision) {
      tally.count(decision);
      watch.onDecision?.(decision);
    },
  });
  return { row: summariseRun(settings, minCosine, totals, tally), segments: segmentsOf(settings, minCosine, totals) };
}

function segmentsOf(
  { isTruthKnown }: ReplaySettings,
  minCosine: number | null,
  { segments }: ReplayTotals,
): ReplayedRun["segments"] {
  return new Map(
    [...segments].map(([name, counts]) => [
      name,
      {
        requests: counts.requests,
        uncacheable: counts.uncacheable,
        point: {
          min_cosine: minCosine,
          hits: counts.exactHits + counts.semanticHits,
          wrong_hits: isTruthKnown ? counts.wrongExact + counts.wrongSemantic : null,
          saved_usd: counts.savedUsd,
        },
      },
    ]),
  );
}
