import { degreesOfMoments, residualMoments } from "./effective-degrees.js";
import { meanInterval, skewnessOf } from "./mean-interval.js";
import type { Interval } from "./wilson-interval.js";

/** Intervals of any functions of sums over clusters (users, sessions), by leaving out one cluster at a time. The sums without a cluster
 * are scaled back to all of them, so that totals have the error of a total over as many clusters drawn anew. For sums and ratios this is the
 * cluster-robust error; it also holds for functions with a bend (quotas, commitments), away from the bend itself.
 *
 * With more than `maxGroups` clusters these are first put into so many groups by turn (delete-a-group jackknife).
 * @param columns [sum][cluster]
 * @param statistics from the sums to the figures; a figure that isn't finite has no interval
 * @returns one interval a figure, Student's t with the residuals' effective degrees of freedom and without their skewness; infinite with fewer than two clusters
 * @see Efron and Stein 1981; Kott 2001 for groups */
export function clusterJackknife(options: {
  columns: readonly Float64Array[];
  statistics: (sums: readonly number[]) => readonly number[];
  confidence?: number;
  maxGroups?: number;
}): Interval[] {
  const { statistics, confidence = 0.95, maxGroups = 4000 } = options;
  const columns = options.columns.map((column) => inGroups(column, maxGroups));
  const count = columns[0]!.length;
  const totals = columns.map((column) => column.reduce((sum, value) => sum + value, 0));
  const values = statistics(totals);
  if (count < 2) return values.map((value) => ({ value, low: -Infinity, high: Infinity }));
  const back = count / (count - 1);
  const without = Array.from({ length: count }, (_, i) =>
    statistics(totals.map((total, k) => (total - columns[k]![i]!) * back)),
  );
  return values.map((value, figure) => {
    const replicates = without.map((figures) => figures[figure]!);
    const mean = replicates.reduce((sum, replicate) => sum + replicate, 0) / count;
    const residuals = replicates.map((replicate) => replicate - mean);
    const moments = residualMoments(residuals);
    return meanInterval(
      {
        value,
        standardError: Math.sqrt(moments.squares / back),
        count,
        degrees: degreesOfMoments(moments),
        // without a cluster of a large amount a figure is smaller
        skewness: -skewnessOf(moments),
      },
      confidence,
    );
  });
}

function inGroups(column: Float64Array, maxGroups: number): Float64Array {
  if (column.length <= maxGroups) return column;
  const groups = new Float64Array(maxGroups);
  column.forEach((value, i) => {
    groups[i % maxGroups]! += value;
  });
  return groups;
}
