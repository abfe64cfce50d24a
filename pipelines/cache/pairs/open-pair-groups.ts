import type { Engine } from "../../../datasets/engine/engine.js";
import { readSql } from "../../../datasets/engine/sql-file.js";

/** Which pairs of the replay are looked at. */
export interface PairGroupOptions {
  /** Least score or cosine that a threshold will be set to; null = every pair. */
  floor: number | null;
  /** Leave out what can't be shown to a judge. */
  needsText: boolean;
}

/** How much of one segment's traffic pairs speak for: see pair-segments.sql. */
export interface PairSegment {
  segment: string;
  requests: number;
  candidates: number;
  above_floor: number;
  judgeable: number;
  pairs: number;
}

/** What the groups hold. */
export interface PairGroups {
  /** What the floor and thresholds are measured in: the same-answer score where every candidate has one, else the cosine. */
  basis: "score" | "similarity";
  segments: PairSegment[];
  /** Replayed requests that pairs don't speak for, by reason. */
  excluded: Array<{ reason: string; requests: number }>;
}

/** Group the replayed requests (temporary table `pair_members`) into pairs (`pair_groups`): requests that ask the same of the same entry, but for case
 * and spaces, are one pair, for which one of them stands. */
export async function openPairGroups(
  engine: Engine,
  { floor, needsText }: PairGroupOptions,
): Promise<PairGroups> {
  const [counted] = await engine.rows<{ scored: boolean | null }>(
    "SELECT bool_and(score IS NOT NULL) AS scored FROM cache_candidates WHERE tier IN ('semantic', 'miss') AND entry_id IS NOT NULL",
  );
  const isScored = counted?.scored === true;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE pair_members AS ${readSql("pipelines/cache/pairs/pair-members.sql")}`,
    { is_scored: isScored },
  );
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE pair_groups AS ${readSql("pipelines/cache/pairs/pair-groups.sql")}`,
    { floor, needs_text: needsText },
  );
  return {
    basis: isScored ? "score" : "similarity",
    segments: await engine.rows<PairSegment>(readSql("pipelines/cache/pairs/pair-segments.sql")),
    excluded: await engine.rows(
      "SELECT excluded AS reason, CAST(sum(requests) AS BIGINT) AS requests FROM pair_groups WHERE excluded IS NOT NULL GROUP BY excluded ORDER BY requests DESC, reason",
    ),
  };
}
