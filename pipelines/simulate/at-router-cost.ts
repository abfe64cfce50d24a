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
  for (const values of scores) addRanks(sum, values);
  return sum.map((ranks) => ranks / scores.length / sum.length);
}

/** Scores have far fewer different values than there are attempts, so that each is looked up in a short list. */
function addRanks(sum: Float64Array, values: Float64Array): void {
  const known = values.map((value) => (Number.isNaN(value) ? Number.MAX_VALUE : value));
  const sorted = known.slice().sort();
  const distinct: number[] = [];
  const middles: number[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
    distinct.push(sorted[start]!);
    middles.push((start + end) / 2);
    start = end;
  }
  const list = Float64Array.from(distinct);
  for (let i = 0; i < known.length; i++) sum[i]! += middles[placeOf(list, known[i]!)]!;
}

function placeOf(distinct: Float64Array, value: number): number {
  let low = 0;
  let high = distinct.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (distinct[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
