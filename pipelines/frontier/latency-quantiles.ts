import { type MixturePart, mixtureQuantile, mixtureShare } from "../../models/frontier/mixture-quantile.js";
import { woodruffInterval } from "../../models/frontier/woodruff-interval.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import { lengthClasses } from "./length-classes.js";
import type { SettingSums } from "./setting-sums.js";
import type { SweepRows } from "./sweep-rows.js";

/** Answers that a class of lengths needs for a distribution of its own, as in the comparison's mean latencies. */
const leastAnswers = 20;
const classes = lengthClasses.length;

/** Latency of settings from the log's own answers: each request takes a latency from the logged answers of its model and length class, or of
 * its model at all lengths where the class has fewer than 20. A setting is then a mixture of logged distributions. Its interval is
 * Woodruff's with both errors in it, of the distributions and of the mixture's weights, clustered by session.
 * @param half 0 or 1 for one half of the sessions alone; null for all
 * @returns quantile of a setting at a level; null where nobody waits, or a model that is needed has no logged latency */
export function latencyQuantiles(
  sweep: SweepRows,
  half: number | null,
): (sums: SettingSums, level: number) => Interval | null {
  const logged = loggedAnswers(sweep, half);
  const { groups } = sweep;
  const models = sweep.replay.models.length;
  const cells = models * classes;
  const ownCount = new Float64Array(cells);
  for (const cell of logged.cell) ownCount[cell]! += 1;
  const sources = sourcesOf(logged, models, ownCount);
  const sourceOf = (cell: number) =>
    ownCount[cell]! >= leastAnswers ? cell : cells + Math.floor(cell / classes);

  return (sums, level) => {
    const byCell = new Float64Array(cells);
    const byGroup = new Float64Array(groups.count);
    let all = 0;
    for (let g = 0; g < groups.count; g++) {
      if (half !== null && groups.half[g] !== half) continue;
      for (let cell = 0; cell < cells; cell++) {
        const count = sums.timed[g * cells + cell]!;
        byCell[cell]! += count;
        byGroup[g]! += count;
        all += count;
      }
    }
    const weights = new Float64Array(sources.length);
    for (let cell = 0; cell < cells; cell++) weights[sourceOf(cell)]! += byCell[cell]! / all;
    if (all === 0 || sources.some((sorted, s) => weights[s]! > 0 && sorted.length === 0)) return null;
    const parts: MixturePart[] = sources.map((sorted, s) => ({ weight: weights[s]!, sorted }));
    const quantileAt = (p: number) => mixtureQuantile(parts, p);
    const value = quantileAt(level);
    const below = sources.map((sorted) =>
      sorted.length > 0 ? mixtureShare([{ weight: 1, sorted }], value) : 0,
    );
    const mixed = mixtureShare(parts, value);

    const residuals = new Float64Array(groups.count);
    for (let g = 0; g < groups.count; g++) {
      if (byGroup[g] === 0) continue;
      let expected = 0;
      for (let cell = 0; cell < cells; cell++)
        expected += sums.timed[g * cells + cell]! * below[sourceOf(cell)]!;
      residuals[g] = (expected - mixed * byGroup[g]!) / all;
    }
    const perAnswer = weights.map((weight, s) => (weight > 0 ? weight / sources[s]!.length : 0));
    const offset = new Float64Array(cells);
    const slope = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const whole = cells + Math.floor(cell / classes);
      slope[cell] = perAnswer[cell]! + perAnswer[whole]!;
      offset[cell] = perAnswer[cell]! * below[cell]! + perAnswer[whole]! * below[whole]!;
    }
    for (let i = 0; i < logged.ms.length; i++) {
      const cell = logged.cell[i]!;
      residuals[logged.group[i]!]! += (logged.ms[i]! <= value ? slope[cell]! : 0) - offset[cell]!;
    }
    return woodruffInterval({
      level,
      residuals: residuals.filter((_, g) => byGroup[g]! > 0),
      quantileAt,
    });
  };
}

interface LoggedAnswers {
  ms: Float64Array;
  cell: Uint16Array;
  group: Int32Array;
}

function loggedAnswers(sweep: SweepRows, half: number | null): LoggedAnswers {
  const { replay, rows, group, groups, lengthClass, isTimed } = sweep;
  const isUsed = (i: number) =>
    isTimed[i] === 1 &&
    replay.latency[rows[i]!]! >= 0 &&
    replay.latency[rows[i]!]! < Number.POSITIVE_INFINITY &&
    (half === null || groups.half[group[i]!] === half);
  let count = 0;
  for (let i = 0; i < rows.length; i++) count += Number(isUsed(i));
  const logged: LoggedAnswers = {
    ms: new Float64Array(count),
    cell: new Uint16Array(count),
    group: new Int32Array(count),
  };
  let next = 0;
  for (let i = 0; i < rows.length; i++) {
    if (!isUsed(i)) continue;
    logged.ms[next] = replay.latency[rows[i]!]!;
    logged.cell[next] = replay.served[rows[i]!]! * classes + lengthClass[i]!;
    logged.group[next] = group[i]!;
    next += 1;
  }
  return logged;
}

/** Sorted latencies: one source for each cell, then one for each model at all lengths, empty where each class can speak for itself. */
function sourcesOf({ ms, cell }: LoggedAnswers, models: number, ownCount: Float64Array): Float64Array[] {
  const cells = models * classes;
  const sources = Array.from({ length: cells + models }, (_, s) => {
    if (s < cells) return new Float64Array(ownCount[s]!);
    const counts = ownCount.subarray((s - cells) * classes, (s - cells + 1) * classes);
    const isNeeded = counts.some((count) => count < leastAnswers);
    return new Float64Array(isNeeded ? counts.reduce((sum, count) => sum + count, 0) : 0);
  });
  const filled = new Int32Array(cells + models);
  const put = (source: number, value: number) => {
    if (sources[source]!.length === 0) return;
    sources[source]![filled[source]!] = value;
    filled[source]! += 1;
  };
  for (let i = 0; i < ms.length; i++) {
    put(cell[i]!, ms[i]!);
    put(cells + Math.floor(cell[i]! / classes), ms[i]!);
  }
  for (const source of sources) source.sort();
  return sources;
}
