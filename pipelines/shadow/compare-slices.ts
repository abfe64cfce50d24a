import type { ResponseShadow, ShadowSlice } from "../../datasets/shadow-result.js";
import { clusterSequence } from "../../models/statistics/sequential/cluster-sequence.js";
import { type QualityRow, sessionNumbers } from "./quality-observations.js";
import { sliceDimensions } from "./read-fields.js";

/** Fewest pairs and sessions of a slice with an interval. */
const leastPairs = 30;
const leastSessions = 10;

/** Difference by app, plan, locale and endpoint, so that nobody is quietly given worse answers. Intervals are confidence sequences at alpha over
 * the number of slices (Bonferroni): they hold for all slices and looks at once, however slices overlap. Slices that are too small are
 * listed without one.
 * @param margin on the scale of the judged difference; a slice that is certainly beyond it is harmed, one certainly above 0 worse */
export function compareSlices(
  rows: readonly QualityRow[],
  { alpha, nStar, margin }: { alpha: number; nStar: number; margin: number },
): ResponseShadow["slices"] {
  const groups = groupsOf(rows);
  const level = alpha / Math.max(1, groups.length);
  const slices = groups.map(({ dimension, slice, members }): ShadowSlice => {
    const sequence = clusterSequence(
      members.map(({ d }) => d),
      sessionNumbers(members),
      { alpha: level, nStar },
    )!;
    const isLarge = sequence.rows >= leastPairs && sequence.sessions >= leastSessions;
    return {
      dimension,
      slice,
      pairs: sequence.rows,
      sessions: sequence.sessions,
      difference: sequence.value,
      low: isLarge ? Math.max(-1, sequence.low) : null,
      high: isLarge ? Math.min(1, sequence.high) : null,
      status: !isLarge ? "too_few" : sequence.low > margin ? "harmed" : sequence.low > 0 ? "worse" : "ok",
    };
  });
  const [worst] = slices
    .filter(({ status }) => status !== "too_few")
    .sort((a, b) => b.difference - a.difference);
  return {
    rows: slices,
    method: `confidence sequences at ${((1 - level) * 100).toFixed(2)} %, for all ${groups.length} slices and all looks at once (Bonferroni), clustered by session`,
    worst: worst ? `${worst.dimension} ${worst.slice}` : null,
  };
}

function groupsOf(rows: readonly QualityRow[]) {
  const groups = new Map<string, { dimension: string; slice: string; members: QualityRow[] }>();
  for (const row of rows) {
    for (const dimension of sliceDimensions) {
      const slice = row.pair.slices[dimension];
      if (slice === undefined) continue;
      const id = `${dimension}\0${slice}`;
      const group = groups.get(id);
      if (group) group.members.push(row);
      else groups.set(id, { dimension, slice, members: [row] });
    }
  }
  return [...groups.values()].sort(
    (a, b) =>
      sliceDimensions.indexOf(a.dimension as (typeof sliceDimensions)[number]) -
        sliceDimensions.indexOf(b.dimension as (typeof sliceDimensions)[number]) ||
      b.members.length - a.members.length ||
      (a.slice < b.slice ? -1 : 1),
  );
}
