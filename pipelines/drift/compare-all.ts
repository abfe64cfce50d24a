import type { DriftColumn, DriftOutcome } from "../../datasets/drift-result.js";
import { binValues } from "../../models/drift/bin-values.js";
import { compareMeans } from "../../models/drift/compare-means.js";
import { populationStability } from "../../models/drift/population-stability.js";
import { sessionShufflePValue } from "../../models/drift/session-shuffle.js";
import { holm } from "../../models/statistics/sequential/holm.js";
import type { ComparedColumn, ComparedOutcome } from "./drift-rows.js";

/** From where on a change counts. */
export const driftThresholds = {
  /** Rule of thumb for the index: Siddiqi 2006, Credit Risk Scorecards. */
  moved_psi: 0.1,
  shifted_psi: 0.25,
  /** Chance of any false alarm among all tests of one look. Training again costs more than waiting for another week's traffic. */
  adjusted_p: 0.01,
  /** Least change of a share or a score that matters, however certain. */
  least_change: 0.01,
} as const;

/** Compare every column and every mean; the p-values are adjusted for all of them together.
 * @returns columns with the most shifted first */
export function compareAll(
  columns: readonly ComparedColumn[],
  outcomes: readonly ComparedOutcome[],
  { seed }: { seed: number },
): { columns: DriftColumn[]; outcomes: DriftOutcome[]; tests: number } {
  const compared = columns.map((column) => compareColumn(column, seed));
  const means = outcomes.flatMap(({ outcome, values, weights, sides }) => {
    const found = compareMeans(values, sides, weights);
    return found === null ? [] : [{ outcome, ...found }];
  });
  const adjusted = holm([...compared, ...means].map(({ p_value }) => p_value));
  return {
    columns: compared
      .map((column, at) => ({
        ...column,
        p_adjusted: adjusted[at]!,
        verdict: verdictOf(column.psi, adjusted[at]!),
      }))
      .sort((a, b) => b.psi - a.psi || (a.column < b.column ? -1 : 1)),
    outcomes: means.map((mean, at) => ({ ...mean, p_adjusted: adjusted[compared.length + at]! })),
    tests: adjusted.length,
  };
}

function compareColumn(
  { column, kind, values, sides }: ComparedColumn,
  seed: number,
): Omit<DriftColumn, "p_adjusted" | "verdict"> {
  const { bins, labels } = binValues(values, sides.isSince);
  const before = new Float64Array(labels.length);
  const since = new Float64Array(labels.length);
  bins.forEach((bin, row) => {
    const counts = sides.isSince[row] ? since : before;
    counts[bin]! += 1;
  });
  return {
    column,
    kind,
    ...populationStability(before, since),
    p_value: sessionShufflePValue(bins, labels.length, sides, { seed }),
    bins: mostChanged(labels, before, since),
  };
}

function verdictOf(psi: number, adjusted: number): DriftColumn["verdict"] {
  if (adjusted > driftThresholds.adjusted_p || psi < driftThresholds.moved_psi) return "stable";
  return psi < driftThresholds.shifted_psi ? "moved" : "shifted";
}

function mostChanged(
  labels: readonly string[],
  before: Float64Array,
  since: Float64Array,
): DriftColumn["bins"] {
  const share = (counts: Float64Array) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => count / total);
  };
  const [p, q] = [share(before), share(since)];
  return labels
    .map((bin, at) => ({ bin, before: p[at]!, since: q[at]! }))
    .filter((row) => row.before !== row.since)
    .sort((a, b) => Math.abs(b.since - b.before) - Math.abs(a.since - a.before))
    .slice(0, 3);
}
