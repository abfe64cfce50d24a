import type { Estimate } from "../../datasets/results.js";
import { ratioOfSums, totalOfSums } from "../../models/statistics/session-sums.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { latencyQuantiles } from "./latency-quantiles.js";
import type { SettingSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";

/** A setting's figures on a half of the sessions, or on all. */
export interface SettingFigures {
  /** What the setting would have cost in all. */
  usd: Estimate | null;
  saving: Estimate | null;
  retention: Estimate | null;
  /** Milliseconds, without an interval. */
  p50Ms: number | null;
  p95: Estimate | null;
  strongShare: number;
  requests: number;
}

const clustered = "95 % interval, cluster-robust by session (Student t)";
const drawnAnew = "95 % interval for as many sessions, each drawn anew (Student t)";
const repriced =
  "modelled: logged token counts at list price, as billed where the model is the one that answered";
const predicted = "modelled: the router's calibrated sufficiency, not an observed answer";
const timed =
  "modelled: logged latencies of each model among answers of similar length, stretched where there are fewer than 20; 95 % interval, Woodruff, by session";

/** Measure settings on one half of the sessions, or on all.
 * @param half 0 or 1; null for all */
export function settingMeasurer(
  sweep: SweepRows,
  half: number | null,
): (sums: SettingSums) => SettingFigures {
  const { groups } = sweep;
  const only = (sums: Float64Array) =>
    half === null ? sums : sums.map((value, g) => (groups.half[g] === half ? value : 0));
  const inHalf = (sums: Float64Array) =>
    half === null ? sums : sums.filter((_, g) => groups.half[g] === half);
  const requests = only(sweep.requests);
  const billed = only(sweep.billed);
  const all = requests.reduce((sum, count) => sum + count, 0);
  const latency = latencyQuantiles(sweep, half);
  const waited = timedRows(sweep, half);
  const estimate = (interval: Interval | null, method: string, n = all): Estimate | null =>
    interval === null || Number.isNaN(interval.value) ? null : { ...interval, method, n };
  return (sums) => {
    const usd = only(sums.usd);
    const quantiles = latency(sums);
    const saved = billed.map((value, g) => value - usd[g]!);
    return {
      usd: all > 0 ? estimate(totalOfSums(inHalf(usd)), `${repriced}; ${drawnAnew}`) : null,
      saving: estimate(ratioOfSums(saved, billed), `${repriced}; ${clustered}`),
      retention: estimate(withinShare(ratioOfSums(only(sums.kept), requests)), `${predicted}; ${clustered}`),
      p50Ms: quantiles?.valueOf(0.5) ?? null,
      p95: estimate(quantiles?.intervalOf(0.95) ?? null, timed, waited),
      strongShare: all > 0 ? only(sums.strong).reduce((sum, count) => sum + count, 0) / all : 0,
      requests: all,
    };
  };
}

/** Attempts that somebody waits for. */
function timedRows({ groups, group, isTimed }: SweepRows, half: number | null): number {
  let count = 0;
  for (let i = 0; i < group.length; i++) {
    if (half === null || groups.half[group[i]!] === half) count += isTimed[i]!;
  }
  return count;
}

function withinShare(interval: Interval | null): Interval | null {
  if (interval === null) return null;
  return { value: interval.value, low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
}
