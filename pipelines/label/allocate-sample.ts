/** One stratum: how many requests it holds and how many of them are sampled. */
export interface Stratum {
  stratum: string;
  population: number;
  sampled: number;
}

/** Allocate a sample to strata in proportion to their size, at least one each, by largest remainders. The inclusion
 * probability in a stratum is sampled / population, so that inverse weights sum to the population.
 * @param sizes at least one stratum, none empty
 * @param sample wanted size. The least of one can make it larger by fewer than the number of strata; it never exceeds the population */
export function allocateSample(
  sizes: ReadonlyArray<{ stratum: string; population: number }>,
  sample: number,
): Stratum[] {
  const population = sizes.reduce((sum, size) => sum + size.population, 0);
  const wanted = Math.min(population, Math.max(sample, sizes.length));
  const strata = sizes.map((size) => {
    const share = (wanted * size.population) / population;
    return { ...size, share, sampled: Math.min(size.population, Math.max(1, Math.floor(share))) };
  });
  const byRemainder = [...strata].sort(
    (a, b) => b.share - b.sampled - (a.share - a.sampled) || (a.stratum < b.stratum ? -1 : 1),
  );
  let left = wanted - strata.reduce((sum, { sampled }) => sum + sampled, 0);
  while (left > 0) {
    for (const stratum of byRemainder) {
      if (left === 0) break;
      if (stratum.sampled === stratum.population) continue;
      stratum.sampled += 1;
      left -= 1;
    }
  }
  return strata.map(({ stratum, population: size, sampled }) => ({ stratum, population: size, sampled }));
}
