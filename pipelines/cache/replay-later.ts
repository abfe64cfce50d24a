import type { CacheLaterPart } from "../../datasets/cache-calibration.js";
import type { ServePolicy } from "../../models/cache/cache-item.js";
import type { CacheCalibration } from "../../models/cache/calibrate-cache.js";
import { certifiedPolicy } from "../../models/cache/policies/certified-policy.js";
import { exactOnly } from "../../models/cache/policies/exact-only.js";
import { type ReplayTotals, replayCache } from "../../models/cache/replay-cache.js";
import { clusteredShare } from "../../models/statistics/clustered-share.js";
import { exactShare } from "./exact-share.js";
import type { StagedParts } from "./split-staged.js";
import type { TracedItem } from "./traced-item.js";

/** Put the calibrated cache in front of the traffic after calibration: warm with the older part, no larger than it was calibrated,
 * filled up by misses.
 * @returns null where there is no later traffic */
export async function replayLater(
  parts: StagedParts,
  { score, segments }: Pick<CacheCalibration, "score" | "segments">,
  { embed, ttlS }: { embed: (text: string) => Float32Array; ttlS: number },
): Promise<CacheLaterPart | null> {
  if (parts.later.length === 0) return null;
  const thresholds = new Map(
    segments.flatMap(({ segment, level, certificate }) =>
      level === "exact_only" || certificate.minScore === null
        ? []
        : [[segment, certificate.minScore] as const],
    ),
  );
  const run = (policy: ServePolicy) => replayOne(parts, policy, { embed, ttlS });
  const certified = await run(certifiedPolicy(score.model, thresholds));
  const exact = await run(exactOnly());
  const isKnown = parts.later.every(({ truth }) => truth >= 0);
  const { totals } = certified;
  return {
    requests: totals.requests,
    exact_hits: totals.exactHits,
    semantic_hits: totals.semanticHits,
    hit_rate: certified.hitRate,
    usr: isKnown ? exactShare(wrongOf(totals), totals.requests, "wrong hits / all requests") : null,
    fhr: isKnown ? exactShare(wrongOf(totals), hitsOf(totals), "wrong hits / hits") : null,
    exact_only_hit_rate: exact.hitRate,
    exact_only_usr: isKnown
      ? exactShare(wrongOf(exact.totals), exact.totals.requests, "wrong hits / all requests")
      : null,
    by_segment: [...totals.segments]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([segment, counts]) => ({
        segment,
        requests: counts.requests,
        hits: hitsOf(counts),
        wrong_hits: isKnown ? wrongOf(counts) : null,
      })),
    cross_tenant_hits: certified.crossTenantHits,
  };
}

async function replayOne(
  { older, later }: StagedParts,
  policy: ServePolicy,
  { embed, ttlS }: { embed: (text: string) => Float32Array; ttlS: number },
) {
  const hits: number[] = [];
  const sessions: number[] = [];
  let crossTenantHits = 0;
  const totals: ReplayTotals = await replayCache(later, {
    warm: older,
    policy,
    embed,
    ttlS,
    capacity: Math.max(1, older.length),
    onDecision: ({ item, served }) => {
      const { session, tenant } = item as TracedItem;
      hits.push(Number(served !== null));
      sessions.push(session);
      if (served !== null && (served as TracedItem).tenant !== tenant) crossTenantHits += 1;
    },
  });
  const hitRate = clusteredShare(hits, sessions, "measured: hits / requests of the later part")!;
  return { totals, hitRate, crossTenantHits };
}

type Counts = Pick<ReplayTotals, "exactHits" | "semanticHits" | "wrongExact" | "wrongSemantic">;

function hitsOf({ exactHits, semanticHits }: Counts): number {
  return exactHits + semanticHits;
}

function wrongOf({ wrongExact, wrongSemantic }: Counts): number {
  return wrongExact + wrongSemantic;
}
