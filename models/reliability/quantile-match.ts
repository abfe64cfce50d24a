import { sampleQuantile } from "../statistics/quantiles.js";

/** Where a value stands among sorted values: the middle of the places that it ties for, as a share.
 * @param sorted ascending, not empty
 * @returns in (0, 1) */
export function quantileRank(sorted: Float64Array, value: number): number {
  const below = firstAtLeast(sorted, value, false);
  const upTo = sorted[below] === value ? firstAtLeast(sorted, value, true) : below;
  const rank = upTo > below ? (below + upTo) / 2 : below;
  return Math.min(1 - 0.5 / sorted.length, Math.max(0.5 / sorted.length, rank / sorted.length));
}

/** The value at a rank: inverse of {@link quantileRank} between the middles of the places. A value that keeps its rank under another
 * distribution is the comonotone coupling, the one that moves least.
 * @see Villani 2003, Topics in Optimal Transportation, 2.2 (monotone rearrangement) */
export function valueAtRank(sorted: Float64Array, rank: number): number {
  if (sorted.length === 1) return sorted[0]!;
  const position = (rank * sorted.length - 0.5) / (sorted.length - 1);
  return sampleQuantile(sorted, Math.min(1, Math.max(0, position)));
}

/** Place of the first value that is at least (`isAbove`: above) the given one. */
function firstAtLeast(sorted: Float64Array, value: number, isAbove: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAbove ? sorted[middle]! <= value : sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
