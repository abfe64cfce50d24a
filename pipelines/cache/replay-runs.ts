import { findServable, neighboursRead } from "@signalbox/runtime";
import type { CacheCurveRow, CachePrices, CacheSegmentRow } from "../../datasets/cache-result.js";
import type { CacheDecision } from "../../models/cache/cache-decision.js";
import type { ServePolicy } from "../../models/cache/cache-item.js";
import type { EvictionKind } from "../../models/cache/eviction-queue.js";
import { asCached } from "../../models/cache/open-offers.js";
import { exactOnly } from "../../models/cache/policies/exact-only.js";
import { staticThreshold } from "../../models/cache/policies/static-threshold.js";
import type { ReplayTotals } from "../../models/cache/replay-cache.js";
import { replayTogether } from "../../models/cache/replay-together.js";
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
  /** Whether the semantic tier keeps prompts apart that differ in meaning. */
  hasGuard: boolean;
  prices: CachePrices;
  isTruthKnown: boolean;
  /** Time of the last request in seconds since 1970, and days from the first to it; null and 0 where the stream has no times. */
  end: number | null;
  days: number;
}

/** One replay, as the curve and the segments show it. */
export interface ReplayedRun {
  row: CacheCurveRow;
  /** How well the nearest entries were found; measured with the exact tier alone. */
  recall: ReplayTotals["recall"];
  segments: Map<string, { requests: number; uncacheable: number; point: CacheSegmentRow["curve"][number] }>;
}

/** Who watches the replays. */
export interface ReplayWatch {
  /** Told of each request as the exact tier alone decides it, in order; its candidate holds the nearest entries. */
  onExact: (decision: CacheDecision) => void;
  /** Waited for after every few thousand requests. */
  onBatch?: () => Promise<void>;
}

/** Replay all items through the exact tier alone, and through both tiers at each threshold, in one pass.
 * @param thresholds least cosines
 * @returns the exact tier first, then the thresholds in their order */
export async function replayRuns(
  settings: ReplaySettings,
  thresholds: readonly number[],
  watch: ReplayWatch,
): Promise<ReplayedRun[]> {
  const { items, embed } = settings.items.pass(watch.onBatch);
  const { ttlS, capacity, eviction } = settings;
  const runs = [null, ...thresholds].map((minCosine) => ({
    minCosine,
    tally: new RunTally(settings, minCosine !== null),
  }));
  const totals = await replayTogether(
    items,
    embed,
    runs.map(({ minCosine, tally }) => ({
      floor: minCosine ?? -1,
      policy: minCosine === null ? exactOnly() : servesFrom(minCosine, settings.hasGuard),
      neighbours: settings.hasGuard ? neighboursRead : 1,
      ttlS,
      capacity,
      eviction,
      onDecision(decision) {
        tally.count(decision);
        if (minCosine === null) watch.onExact(decision);
      },
    })),
  );
  return runs.map(({ minCosine, tally }, i) => ({
    row: summariseRun(settings, minCosine, totals[i]!, tally),
    recall: totals[i]!.recall,
    segments: segmentsOf(settings, minCosine, totals[i]!),
  }));
}

/** @param hasGuard whether neighbours that differ in numbers, negation and the like are passed over, as in the runtime */
function servesFrom(minCosine: number, hasGuard: boolean): ServePolicy {
  if (!hasGuard) return staticThreshold(minCosine);
  return {
    pick: ({ item, neighbours }) => {
      const near = neighbours.filter(({ cosine }) => cosine >= minCosine);
      return findServable(item.text, near.map(asCached));
    },
  };
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
