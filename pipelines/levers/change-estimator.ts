import type { Estimate, Evidence } from "../../datasets/results.js";
import { totalOfSums } from "../../models/statistics/session-sums.js";
import type { LaidOutLog } from "./laid-out-log.js";

/** Makes a change of the spend an estimate, from the spend by session before and after; null = nothing changed. */
export type ChangeEstimator = (
  value: number,
  bySession: { before: Float64Array; after: Float64Array } | null,
  how: Evidence,
) => Estimate;

/** An estimator of changes: its intervals are those of the total of as many sessions, each drawn anew. */
export function changeEstimator(log: LaidOutLog): ChangeEstimator {
  const changes = new Float64Array(log.sessions);
  return (change, bySession, how) => {
    const value = rounded(change);
    let [below, above] = [0, 0];
    if (bySession !== null) {
      for (let s = 0; s < log.sessions; s++) changes[s] = bySession.after[s]! - bySession.before[s]!;
      const total = totalOfSums(changes);
      if (total !== null) [below, above] = [total.value - total.low, total.high - total.value];
    }
    return {
      value,
      low: value - below,
      high: value + above,
      method: `${how}; 95 % interval for as many sessions, each drawn anew (Student t)`,
      n: log.size,
    };
  };
}

/** A difference of totals in USD, 0 where it is no more than two ways of adding the same costs may differ by. */
export function rounded(usd: number): number {
  return Math.abs(usd) < 1e-11 ? 0 : usd;
}
