import type { CacheCurveRow } from "../../datasets/cache-result.js";
import type { Estimate } from "../../datasets/results.js";
import type { ReplayTotals } from "../../models/cache/replay-cache.js";
import { estimateTotal } from "../../models/statistics/cluster-estimate.js";
import { clusteredShare } from "../../models/statistics/clustered-share.js";
import { exactShare } from "./exact-share.js";
import type { ReplaySettings } from "./replay-runs.js";
import type { RunTally } from "./run-tally.js";

const secondsPerDay = 86_400;

/** Lay a replay out as a row of the curve. */
export function summariseRun(
  settings: ReplaySettings,
  minCosine: number | null,
  totals: ReplayTotals,
  tally: RunTally,
): CacheCurveRow {
  const hits = totals.exactHits + totals.semanticHits;
  const wrong = totals.wrongExact + totals.wrongSemantic;
  const knownHits = hits - totals.unknownExact - totals.unknownSemantic;
  const storageUsd = entryDays(settings, tally) * settings.prices.storage_usd_per_entry_day;
  const runningUsd = tally.embeddingUsd + tally.operationsUsd + storageUsd;
  return {
    min_cosine: minCosine,
    exact_hits: totals.exactHits,
    semantic_hits: totals.semanticHits,
    misses: totals.misses,
    uncacheable: totals.uncacheable,
    hit_rate: clusteredShare(Array.from(tally.hits), tally.sessions, "measured: hits / requests replayed")!,
    known_hits: settings.isTruthKnown ? knownHits : 0,
    wrong_hits: settings.isTruthKnown ? wrong : null,
    usr: settings.isTruthKnown ? exactShare(wrong, tally.judgedRequests, "wrong hits / all requests") : null,
    fhr: settings.isTruthKnown ? exactShare(wrong, knownHits, "wrong hits / hits") : null,
    answered_hits: tally.answeredHits,
    same_answer_hits: tally.sameAnswerHits,
    cross_tenant_hits: tally.crossTenantHits,
    saved_usd: totals.savedUsd,
    hits_of_unknown_cost: totals.hitsOfUnknownCost,
    embedding_usd: tally.embeddingUsd,
    operations_usd: tally.operationsUsd,
    storage_usd: storageUsd,
    net_usd: netUsd(tally, storageUsd),
    break_even_hit_rate: breakEven(tally, runningUsd),
    entries: totals.entries,
    evictions: totals.evictions,
    stale_hits: totals.staleHits,
  };
}

/** Lives of the entries, evicted ones as if they had stayed, but never more than the cache holds. */
function entryDays({ capacity, days }: ReplaySettings, { entrySeconds }: RunTally): number {
  return Math.min(entrySeconds / secondsPerDay, capacity * days);
}

function netUsd(tally: RunTally, storageUsd: number): Estimate | null {
  if (tally.cacheableOfKnownCost === 0) return null;
  const storage = storageUsd / tally.requests;
  return estimateTotal(
    tally.net.map((usd) => usd - storage),
    tally.sessions,
    "measured: billed cost of the hits less embedding, index operations and storage",
  );
}

/** Running costs over what the replay would save if every cacheable request of known cost were a hit of mean cost. */
function breakEven(
  { requests, cacheableUsd, cacheableOfKnownCost }: RunTally,
  runningUsd: number,
): number | null {
  if (cacheableUsd === 0) return null;
  return runningUsd / (cacheableUsd / cacheableOfKnownCost) / requests;
}
