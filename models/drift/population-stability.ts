/** How far two histograms over the same bins lie apart. */
export interface Stability {
  /** Population stability index: 0 = the same shares, no upper limit. By a rule of thumb, below 0.1 is stable and from 0.25 on shifted. */
  psi: number;
  /** Jensen-Shannon divergence in bits, 0 to 1. */
  js: number;
}

/** Compare two histograms. Half a row is added to each bin, so that an empty one does not make the index infinite. Without any shift the index
 * is about (bins - 1) (1/n + 1/m), so that small samples seem to shift: judge it with {@link sessionShufflePValue}.
 * @param before counts per bin
 * @param since counts of the same bins
 * @see Siddiqi 2006, Credit Risk Scorecards, on the thresholds; Yurdakul and Naranjo 2020, Statistical properties of the population stability
 * index; Lin 1991, Divergence measures based on the Shannon entropy */
export function populationStability(before: ArrayLike<number>, since: ArrayLike<number>): Stability {
  const bins = before.length;
  let [all, others] = [0.5 * bins, 0.5 * bins];
  for (let bin = 0; bin < bins; bin++) {
    all += before[bin]!;
    others += since[bin]!;
  }
  let [psi, js] = [0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const p = (before[bin]! + 0.5) / all;
    const q = (since[bin]! + 0.5) / others;
    const middle = (p + q) / 2;
    psi += (q - p) * Math.log(q / p);
    js += (p * Math.log2(p / middle) + q * Math.log2(q / middle)) / 2;
  }
  return { psi, js };
}
