import type { CacheItem, Candidate } from "./cache-item.js";

/** How a request was answered: from an entry of the same key, from a near one, by the model, or by the model as it must never be
 * served from a cache. */
export type CacheTier = "exact" | "semantic" | "miss" | "uncacheable";

/** What a replayed cache did with one request. */
export interface CacheDecision {
  item: CacheItem;
  tier: CacheTier;
  /** What the semantic tier decided on; null where it had nothing to: an exact hit, an uncacheable request, no living neighbour. */
  candidate: Candidate | null;
  /** Entry whose answer was served; null = none. */
  served: CacheItem | null;
  /** Whether the served answer is another than the right one; null = nothing was served, or the truth of one side is unknown. */
  isWrong: boolean | null;
  /** A miss that an entry past its time to live would have served: one of the same key, or the nearest, if the policy, asked a second
   * time, serves it. */
  isStale: boolean;
}
