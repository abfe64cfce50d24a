import { clusterRatio } from "../statistics/cluster-ratio.js";
import { effectiveShare } from "../statistics/survey-share.js";
import type { Interval } from "../statistics/wilson-interval.js";

/** 95 % interval of a share of rows from its sums by session: Wilson's, on as many independent rows as the sessions are worth, so that it
 * also holds near 0 and 1, where a symmetric interval has no width.
 * @param hits rows by session for which it holds
 * @param rows all rows by session
 * @returns null without rows
 * @see effectiveShare */
export function shareOfSums(hits: Float64Array, rows: Float64Array): Interval | null {
  const used = Int32Array.from(rows.keys()).filter((session) => rows[session]! > 0);
  if (used.length === 0) return null;
  const top = Float64Array.from(used, (session) => hits[session]!);
  const bottom = Float64Array.from(used, (session) => rows[session]!);
  const all = bottom.reduce((sum, count) => sum + count, 0);
  const ratio = clusterRatio(
    top,
    bottom,
    used.map((_, i) => i),
  );
  const { value, wilson } = effectiveShare(ratio, { rows: all, clusters: used.length, evenRows: all });
  return { value, low: wilson.low, high: wilson.high };
}
