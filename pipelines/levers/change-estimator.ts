import type { Estimate, Evidence } from "../../datasets/results.js";
import { ratioOfSums } from "../../models/statistics/session-sums.js";
import type { LaidOutLog } from "./laid-out-log.js";

/** Makes a change of the spend an estimate, from the spend by session before and after; null = nothing changed. */
export type ChangeEstimator = (
  value: number,
  bySession: { before: Float64Array; after: Float64Array } | null,
  how: Evidence,
) => Estimate;

/** An estimator of changes: its intervals are those of the mean change of an attempt, clustered by session, times the attempts. */
export function changeEstimator(log: LaidOutLog): ChangeEstimator {
  const attempts = new Float64Array(log.sessions);
  for (let s = 0; s < log.sessions; s++) attempts[s] = log.starts[s + 1]! - log.starts[s]!;
  const changes = new Float64Array(log.sessions);
  return (change, bySession, how) => {
    const value = rounded(change);
    let half = 0;
    if (bySession !== null) {
      for (let s = 0; s < log.sessions; s++) changes[s] = bySession.after[s]! - bySession.before[s]!;
      const mean = ratioOfSums(changes, attempts);
      if (mean !== null) half = (mean.high - mean.value) * log.size;
    }
    return {
      value,
      low: value - half,
      high: value + half,
      method: `${how}; 95 % interval, cluster-robust by session (Student t)`,
      n: log.size,
    };
  };
}

/** A difference of totals in USD, 0 where it is no more than two ways of adding the same costs may differ by. */
export function rounded(usd: number): number {
  return Math.abs(usd) < 1e-11 ? 0 : usd;
}
