import { clopperPearson } from "./clopper-pearson.js";
import { effectiveDegrees } from "./effective-degrees.js";
import { studentQuantile } from "./quantiles.js";
import { kishRows } from "./survey-share.js";
import type { Interval } from "./wilson-interval.js";

/** Cohen's kappa of two raters with a 95 % interval: agreement beyond what their shares of verdicts give by chance. Verdicts are
 * ordered values in [0, 1] and disagreement is their distance (linear weights), so that a tie (0.5) is half a disagreement;
 * without ties it is the plain kappa. The interval is linearised and clustered; where nobody ever disagrees the exact bound
 * on the rate of disagreement takes its place.
 * @returns null when a kappa is not defined: no rows, or both raters gave one and the same verdict throughout
 * @see Cohen 1960; Cohen 1968 for weights; Fleiss, Cohen and Everitt 1969 for the variance */
export function cohenKappa({
  first,
  second,
  weights,
  clusters,
}: {
  first: ArrayLike<number>;
  second: ArrayLike<number>;
  weights: ArrayLike<number>;
  clusters: ArrayLike<number>;
}): Interval | null {
  const n = first.length;
  const total = sumOf(n, (i) => weights[i]!);
  const shares = [first, second].map((rater) => sharesOf(rater, weights, total));
  const observed = sumOf(n, (i) => weights[i]! * Math.abs(first[i]! - second[i]!)) / total;
  const distanceTo = (verdict: number, rater: ReadonlyMap<number, number>) =>
    [...rater].reduce((sum, [other, share]) => sum + share * Math.abs(other - verdict), 0);
  const expected = [...shares[0]!].reduce(
    (sum, [verdict, share]) => sum + share * distanceTo(verdict, shares[1]!),
    0,
  );
  if (!(expected > 0)) return null;
  const value = 1 - observed / expected;
  const influence = (i: number) => {
    const distance = Math.abs(first[i]! - second[i]!);
    const chance = distanceTo(first[i]!, shares[1]!) + distanceTo(second[i]!, shares[0]!);
    return -(distance - observed) / expected + (observed * (chance - 2 * expected)) / expected ** 2;
  };
  const sums = new Map<number, number>();
  for (let i = 0; i < n; i++)
    sums.set(clusters[i]!, (sums.get(clusters[i]!) ?? 0) + (weights[i]! * influence(i)) / total);
  if (observed === 0) {
    const rows = Math.min(sums.size, kishRows(weights));
    return { value, low: 1 - clopperPearson(0, rows).high / expected, high: 1 };
  }
  const squares = [...sums.values()].reduce((sum, residual) => sum + residual * residual, 0);
  if (sums.size < 2) return { value, low: -1, high: 1 };
  const half =
    studentQuantile(0.975, effectiveDegrees(sums.values())) *
    Math.sqrt((squares * sums.size) / (sums.size - 1));
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}

function sharesOf(
  verdicts: ArrayLike<number>,
  weights: ArrayLike<number>,
  total: number,
): ReadonlyMap<number, number> {
  const shares = new Map<number, number>();
  for (let i = 0; i < verdicts.length; i++)
    shares.set(verdicts[i]!, (shares.get(verdicts[i]!) ?? 0) + weights[i]! / total);
  return shares;
}

function sumOf(n: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i);
  return sum;
}
