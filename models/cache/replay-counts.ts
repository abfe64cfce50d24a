import type { CacheDecision } from "./cache-decision.js";

/** What a replay came to, for all requests or for those of one segment. */
export interface ReplayCounts {
  requests: number;
  /** Requests that may neither be served from the cache nor fill it. */
  uncacheable: number;
  exactHits: number;
  semanticHits: number;
  /** Cacheable requests that were not served. */
  misses: number;
  /** Hits whose answer was another than the right one, as far as the truth is known. */
  wrongExact: number;
  wrongSemantic: number;
  /** Hits of which the truth is not known on both sides. */
  unknownExact: number;
  unknownSemantic: number;
  /** Misses that an entry past its time to live would have served. */
  staleHits: number;
  /** Billed cost of the requests that were hits, USD, as far as it is known; what the cache itself costs is not subtracted. */
  savedUsd: number;
  /** Hits whose billed cost is unknown; they add nothing to `savedUsd`. */
  hitsOfUnknownCost: number;
}

/** Shares of a replay; null where there is nothing to divide by. */
export interface ReplayRates {
  /** Hits / requests. */
  hitRate: number | null;
  /** USR: wrong hits / all requests. Null too where a hit's truth is unknown: the count of wrong hits is then only a lower bound. */
  unsafeServedRate: number | null;
  /** FHR: wrong hits / hits of known truth. */
  falseHitRate: number | null;
}

export function emptyCounts(): ReplayCounts {
  return {
    requests: 0,
    uncacheable: 0,
    exactHits: 0,
    semanticHits: 0,
    misses: 0,
    wrongExact: 0,
    wrongSemantic: 0,
    unknownExact: 0,
    unknownSemantic: 0,
    staleHits: 0,
    savedUsd: 0,
    hitsOfUnknownCost: 0,
  };
}

/** Add one decision to the counts. */
export function countDecision(counts: ReplayCounts, decision: CacheDecision): void {
  const { item, tier, isWrong, isStale } = decision;
  counts.requests += 1;
  if (isStale) counts.staleHits += 1;
  if (tier === "uncacheable") counts.uncacheable += 1;
  else if (tier === "miss") counts.misses += 1;
  else {
    const [hits, wrong, unknown] = fieldsOf[tier];
    counts[hits] += 1;
    if (isWrong === null) counts[unknown] += 1;
    else if (isWrong) counts[wrong] += 1;
    if (item.costUsd === null) counts.hitsOfUnknownCost += 1;
    else counts.savedUsd += item.costUsd;
  }
}

const fieldsOf = {
  exact: ["exactHits", "wrongExact", "unknownExact"],
  semantic: ["semanticHits", "wrongSemantic", "unknownSemantic"],
} as const;

/** The shares that belong to the counts. USR and FHR have different denominators: never compare one with the other. */
export function replayRates(counts: ReplayCounts): ReplayRates {
  const hits = counts.exactHits + counts.semanticHits;
  const wrong = counts.wrongExact + counts.wrongSemantic;
  const unknown = counts.unknownExact + counts.unknownSemantic;
  return {
    hitRate: share(hits, counts.requests),
    unsafeServedRate: unknown > 0 ? null : share(wrong, counts.requests),
    falseHitRate: share(wrong, hits - unknown),
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
