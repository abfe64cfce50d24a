/** One part of a mixture: its share, and its observed values in ascending order. */
export interface MixturePart {
  /** At least 0; the shares of a mixture add up to 1. */
  weight: number;
  sorted: Float64Array;
}

/** Share of a mixture's values that are at most `x`: the weighted mean of the parts' empirical distributions. */
export function mixtureShare(parts: readonly MixturePart[], x: number): number {
  let share = 0;
  for (const { weight, sorted } of parts) {
    if (weight > 0) share += (weight * countUpTo(sorted, x)) / sorted.length;
  }
  return share;
}

/** Quantile of a mixture of samples: the least observed value that at least a share `p` of the mixture doesn't exceed.
 * @param parts those with a weight are not empty
 * @returns Infinity when p is above 1, the least value when p is 0 or less; NaN without a part that has weight */
export function mixtureQuantile(parts: readonly MixturePart[], p: number): number {
  const used = parts.filter(({ weight }) => weight > 0);
  if (used.length === 0) return Number.NaN;
  if (p > 1) return Number.POSITIVE_INFINITY;
  const least = Math.min(...used.map(({ sorted }) => sorted[0]!));
  // Shares are sums of rounded products: without slack a p of 1 might never be reached.
  const wanted = p - 1e-12;
  if (mixtureShare(used, least) >= wanted) return least;
  let low = least;
  let high = Math.max(...used.map(({ sorted }) => sorted.at(-1)!));
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (mixtureShare(used, middle) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** How many of some ascending values are at most `x`. */
function countUpTo(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
