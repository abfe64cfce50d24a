import { type DomainLayout, eachCluster, layOut } from "./domain-ratios.js";
import { degreesOfMoments } from "./effective-degrees.js";
import { meanInterval, skewnessOf } from "./mean-interval.js";
import type { Interval } from "./wilson-interval.js";

/** Totals of an amount in every domain, with what their intervals need. */
export interface DomainTotals {
  values: Float64Array;
  /** Clusters of the layout, and those with a row of the domain. */
  clusters: number;
  touched: Float64Array;
  /** Sums over clusters of the second to fourth power of the cluster's amount. */
  squares: Float64Array;
  cubes: Float64Array;
  fourths: Float64Array;
}

/** Total amounts in every domain at once, for several amounts in one pass over the rows.
 * @param amounts each by row number
 * @returns one for each amount */
export function domainTotals(layout: DomainLayout, amounts: readonly Float64Array[]): DomainTotals[] {
  const column = () => new Float64Array(layout.count);
  const touched = column();
  const totals = amounts.map(() => ({
    values: column(),
    squares: column(),
    cubes: column(),
    fourths: column(),
  }));
  let clusters = 0;
  eachCluster(layOut(layout, amounts, undefined), (domains, size, { tops }) => {
    clusters += 1;
    for (let t = 0; t < size; t++) {
      const domain = domains[t]!;
      touched[domain]! += 1;
      for (let a = 0; a < totals.length; a++) {
        const amount = tops[domain * totals.length + a]!;
        const square = amount * amount;
        const { values, squares, cubes, fourths } = totals[a]!;
        values[domain]! += amount;
        squares[domain]! += square;
        cubes[domain]! += square * amount;
        fourths[domain]! += square * square;
      }
    }
  });
  return totals.map((total) => ({ ...total, clusters, touched }));
}

/** Interval of one domain's total over as many clusters, each drawn anew: how many of them touch the domain, and how much each holds, varies
 * too; a cluster that doesn't touch it holds 0. Without bounds where fewer than two touch it.
 * @see Cochran 1977, Sampling Techniques, sec. 2.12 and 9A.2; {@link meanInterval} */
export function domainTotalInterval(totals: DomainTotals, domain: number, confidence = 0.95): Interval {
  const { clusters: count, touched } = totals;
  const value = totals.values[domain]!;
  if (touched[domain]! < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const mean = value / count;
  const [s2, s3, s4] = [totals.squares[domain]!, totals.cubes[domain]!, totals.fourths[domain]!];
  const moments = {
    count,
    squares: Math.max(0, s2 - count * mean ** 2),
    cubes: s3 - 3 * mean * s2 + 2 * count * mean ** 3,
    fourths: Math.max(0, s4 - 4 * mean * s3 + 6 * mean ** 2 * s2 - 3 * count * mean ** 4),
  };
  const standardError = Math.sqrt((moments.squares * count) / (count - 1));
  const degrees = degreesOfMoments(moments);
  return meanInterval({ value, standardError, count, degrees, skewness: skewnessOf(moments) }, confidence);
}
