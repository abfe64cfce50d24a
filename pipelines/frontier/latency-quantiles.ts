import { type MixturePart, mixtureQuantile, mixtureShare } from "../../models/frontier/mixture-quantile.js";
import { woodruffInterval } from "../../models/frontier/woodruff-interval.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { type LoggedCell, loggedCells } from "./logged-cells.js";
import type { SettingSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";

/** Latency of a setting: quantiles in milliseconds. Null where nobody waits, or a model that is needed has no logged latency. */
export interface LatencyQuantiles {
  valueOf: (level: number) => number;
  /** The same with its 95 % interval. */
  intervalOf: (level: number) => Interval;
}

/** Latency of settings from the log's own answers: each request takes a latency from the logged answers of its model and length class, or of
 * its model at all lengths, stretched to the class, where the class has fewer than 20. A setting is then a mixture of logged distributions.
 * Its interval is Woodruff's with both errors in it, of the distributions and of the mixture's weights, clustered by session.
 * @param half 0 or 1 for one half of the sessions alone; null for all */
export function latencyQuantiles(
  sweep: SweepRows,
  half: number | null,
): (sums: SettingSums) => LatencyQuantiles | null {
  const { groups } = sweep;
  const cells = loggedCells(sweep, half);
  const isCounted = Uint8Array.from(groups.half, (own) => Number(half === null || own === half));
  return ({ timed }) => {
    const byGroup = new Float64Array(groups.count);
    const byCell = new Float64Array(cells.length);
    let all = 0;
    for (let g = 0; g < groups.count; g++) {
      if (isCounted[g] === 0) continue;
      for (let cell = 0, at = g * cells.length; cell < cells.length; cell++, at++) {
        const count = timed[at]!;
        byCell[cell]! += count;
        byGroup[g]! += count;
      }
      all += byGroup[g]!;
    }
    const isKnown = cells.every(({ sorted }, cell) => byCell[cell] === 0 || sorted.length > 0);
    if (all === 0 || !isKnown) return null;
    const parts = cells.map(({ sorted }, cell) => ({ weight: byCell[cell]! / all, sorted }));
    const quantileAt = (p: number) => mixtureQuantile(parts, p);
    return {
      valueOf: quantileAt,
      intervalOf: (level) => {
        const residuals = residualsAt({ timed, parts, byGroup, all }, cells, quantileAt(level));
        return woodruffInterval({ level, residuals, quantileAt });
      },
    };
  };
}

/** A setting's latencies: logged distributions by weight, and the attempts that somebody waits for, by group and cell, by group, in all. */
interface Mixture {
  timed: Float32Array;
  parts: MixturePart[];
  byGroup: Float64Array;
  all: number;
}

/** Error of a mixture's distribution function at a value, linearised, by group of sessions that has attempts. */
function residualsAt(
  { timed, parts, byGroup, all }: Mixture,
  cells: readonly LoggedCell[],
  value: number,
): Float64Array {
  const below = parts.map((part) =>
    part.sorted.length > 0 ? mixtureShare([{ ...part, weight: 1 }], value) : 0,
  );
  const mixed = mixtureShare(parts, value);
  const residuals = new Float64Array(byGroup.length);
  for (let g = 0; g < byGroup.length; g++) {
    if (byGroup[g] === 0) continue;
    let expected = 0;
    for (let cell = 0, at = g * cells.length; cell < cells.length; cell++, at++)
      expected += timed[at]! * below[cell]!;
    residuals[g] = (expected - mixed * byGroup[g]!) / all;
  }
  cells.forEach(({ ms, sorted, group, perGroup, stretchError }, cell) => {
    const { weight } = parts[cell]!;
    if (weight === 0) return;
    // each answer speaks for its cell
    const pull = weight / sorted.length;
    const above = pull * (1 - below[cell]!);
    const slope = weight * shareByLogarithm(sorted, value);
    for (let g = 0; g < perGroup.length; g++)
      residuals[g]! += above * perGroup[g]! - slope * stretchError[g]!;
    for (let i = 0; i < ms.length; i++) if (ms[i]! > value) residuals[group[i]!]! -= pull;
  });
  return residuals.filter((_, g) => byGroup[g]! > 0);
}

/** Half the width over which the slope of a distribution function is taken, in the logarithm of milliseconds. */
const halfWidth = 0.2;

/** By how much the share of times up to a value falls when all of them grow, per unit of their logarithm. */
function shareByLogarithm(sorted: Float64Array, value: number): number {
  const shareTo = (x: number) => mixtureShare([{ weight: 1, sorted }], x);
  return (shareTo(value * Math.exp(halfWidth)) - shareTo(value * Math.exp(-halfWidth))) / (2 * halfWidth);
}
