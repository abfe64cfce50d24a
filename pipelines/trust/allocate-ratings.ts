/** Allocate human ratings to strata in proportion to the square root of their size, never more than there are: between equal
 * shares, which serve the error rates, and proportional ones, which serve the corrected share.
 * @param sizes judged pairs of each stratum
 * @param wanted ratings in all; fewer when there are fewer pairs
 * @see Bankier 1988, Power allocations: determining sample sizes for subnational areas */
export function allocateRatings(sizes: readonly number[], wanted: number): number[] {
  const given = sizes.map(() => 0);
  const total = Math.min(
    wanted,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  // Each next rating goes where the stratum's claim per rating is largest (Webster's rule), which needs no rounding.
  for (let left = total; left > 0; left--) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    sizes.forEach((size, i) => {
      const claim = Math.sqrt(size) / (given[i]! + 0.5);
      if (given[i]! < size && claim > most) [best, most] = [i, claim];
    });
    given[best]! += 1;
  }
  return given;
}
