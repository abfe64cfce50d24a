import type { CachePairRow } from "../../../datasets/cache-pairs.js";
import { groupBy } from "../../trust/group-by.js";
import type { DoubleLabel } from "./judge-accept-error.js";
import { exactJudge } from "./pair-rows.js";
import type { PairVerdict } from "./read-pair.js";

/** A pair with the verdict to go by. */
export interface SettledPair
  extends Pick<
    CachePairRow,
    | "pair_id"
    | "request_id"
    | "entry_id"
    | "segment"
    | "created_at"
    | "similarity"
    | "features_json"
    | "inclusion_probability"
    | "is_simulated"
  > {
  /** To keep a promise, `cannot_tell` must count as different. */
  verdict: PairVerdict;
  source: "human" | "exact" | "judge";
  /** Belongs to the random sample that shares and thresholds may rest on. Imported pairs beside a judged sample don't: they were picked by
   * other rules, and are good for training alone. */
  is_sampled: boolean;
}

/** Settle the rows of cache_pairs, one pair each: humans go before facts, facts before the judge; of several humans the majority counts,
 * and an even split is `different`. Pairs without any verdict are left out.
 * @returns the pairs, and those verdicts of the judge that a human checked */
export function settlePairs(rows: readonly CachePairRow[]): { pairs: SettledPair[]; doubles: DoubleLabel[] } {
  const isDrawn = rows.some((row) => !isHuman(row));
  const pairs: SettledPair[] = [];
  const doubles: DoubleLabel[] = [];
  for (const [, all] of groupBy(rows, ({ pair_id }) => pair_id)) {
    const drawn = all.find((row) => !isHuman(row));
    const human = majority(all.filter(isHuman).flatMap(verdictsOf));
    const judged = drawn === undefined ? null : (verdictsOf(drawn)[0] ?? null);
    const verdict = human ?? judged;
    if (verdict === null) continue;
    const { verdict: _, judge, cost_usd, error, is_simulated, ...row } = drawn ?? all[0]!;
    const isExact = judge === exactJudge;
    pairs.push({
      ...row,
      is_simulated: human === null && is_simulated,
      verdict,
      source: human !== null ? "human" : isExact ? "exact" : "judge",
      is_sampled: drawn !== undefined || !isDrawn,
    });
    if (human !== null && judged !== null && !isExact) doubles.push({ judge: judged, human });
  }
  return { pairs, doubles };
}

/** Whether a verdict came from outside. */
function isHuman({ judge }: CachePairRow): boolean {
  return judge === "import" || judge.startsWith("human:");
}

function verdictsOf({ verdict }: CachePairRow): PairVerdict[] {
  return verdict === null ? [] : [verdict as PairVerdict];
}

function majority(verdicts: readonly PairVerdict[]): PairVerdict | null {
  const decided = verdicts.filter((verdict) => verdict !== "cannot_tell");
  if (decided.length === 0) return verdicts[0] ?? null;
  const same = decided.filter((verdict) => verdict === "same").length;
  return same > decided.length / 2 ? "same" : "different";
}
