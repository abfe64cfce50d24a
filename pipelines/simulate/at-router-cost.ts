import { rankByScore } from "../../models/metrics/routing-curve.js";
import type { ReplayColumns } from "./replay-columns.js";

/** A split of requests that was set by the data to spend a given amount. */
export interface SplitAtCost {
  /** Share of each attempt of the log that goes to the strong model: 1 or 0, and a part of one. */
  share: Float32Array;
  /** Attempts around the place where the money ran out: those that would change models if there were a little more or less. */
  margin: Int32Array;
}

/** Send requests to the strong model by descending need until what the router costs is spent, all others to the cheapest.
 * @param needs score of each replayed attempt, in the order of `rows`; one that isn't known goes first */
export function neediestAtCost(
  columns: ReplayColumns,
  rows: Int32Array,
  needs: Float64Array,
  routerUsd: number,
): SplitAtCost {
  const { usd } = columns;
  const strongAt = (columns.models - 1) * columns.rows;
  let left = routerUsd;
  for (const row of rows) left -= usd[row]!;
  const share = new Float32Array(columns.rows);
  const known = needs.map((need) => (Number.isNaN(need) ? Number.MAX_VALUE : need));
  const ranked = rankByScore(known);
  let last = ranked.length - 1;
  for (let rank = 0; rank < ranked.length; rank++) {
    const row = rows[ranked[rank]!]!;
    const extra = usd[strongAt + row]! - usd[row]!;
    if (extra <= 0) continue;
    last = rank;
    if (left <= 0) break;
    share[row] = extra <= left ? 1 : left / extra;
    left -= extra;
  }
  const reach = Math.max(leastMargin, Math.round(marginShare * ranked.length));
  const margin = ranked.slice(Math.max(0, last - reach), last + reach + 1);
  return { share, margin: Int32Array.from(margin, (place) => rows[place]!) };
}

/** Ranks to either side of the last one that make the margin: enough for a mean, near enough to be alike. */
const marginShare = 0.025;
const leastMargin = 20;

/** Mean rank of each attempt under several scores, 0 = the least of need; ties share the middle of their ranks. */
export function meanRank(scores: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(scores[0]!.length);
  for (const values of scores) {
    const known = values.map((value) => (Number.isNaN(value) ? Number.MAX_VALUE : value));
    const sorted = known.slice().sort();
    for (let i = 0; i < known.length; i++) {
      sum[i]! += (countBelow(sorted, known[i]!, false) + countBelow(sorted, known[i]!, true)) / 2;
    }
  }
  return sum.map((ranks) => ranks / scores.length / sum.length);
}

function countBelow(sorted: Float64Array, value: number, isInclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (isInclusive && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
