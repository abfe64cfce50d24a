/** Gini coefficient of amounts: 0 when everybody pays the same, towards 1 when one pays all. Mean absolute difference over twice the mean.
 * @param sorted ascending, none negative
 * @returns null for nobody, or when nobody pays anything
 * @see Gini 1912; the sorted form of Damgaard and Weiner 2000, without their small-sample factor */
export function gini(sorted: ArrayLike<number>): number | null {
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < sorted.length; i++) {
    weighted += (2 * (i + 1) - sorted.length - 1) * sorted[i]!;
    total += sorted[i]!;
  }
  return total > 0 ? weighted / (sorted.length * total) : null;
}

/** Share of a total that the largest tenth of the amounts makes up; a part of an amount counts where a tenth isn't whole.
 * @param sorted ascending, none negative
 * @returns null for nobody, or when the total is 0 */
export function topTenthShare(sorted: ArrayLike<number>): number | null {
  let left = sorted.length / 10;
  let top = 0;
  let total = 0;
  for (let i = sorted.length - 1; i >= 0; i--) {
    const part = Math.min(1, left);
    left -= part;
    top += part * sorted[i]!;
    total += sorted[i]!;
  }
  return total > 0 ? top / total : null;
}
