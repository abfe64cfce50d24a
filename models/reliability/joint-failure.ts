/** Attempts and failures of one model in a window of time. */
export interface WindowCounts {
  attempts: number;
  failures: number;
}

/** Unbiased estimate of the probability that `asked` further attempts in a window all fail, when the window has an error rate of its own
 * that nobody knows: the share of ordered draws of so many different attempts that are failures only, f (f - 1) ... / n (n - 1) ...
 * The product of plain rates, (f / n)^asked, is too high. Leave the attempt that is asked about out of the counts.
 * @returns in [0, 1]; NaN when the window has fewer attempts
 * @see Hoeffding 1948, A class of statistics with asymptotically normal distribution (U-statistics) */
export function jointFailure({ attempts, failures }: WindowCounts, asked: number): number {
  if (attempts < asked) return Number.NaN;
  let joint = 1;
  for (let i = 0; i < asked; i++) joint *= Math.max(0, failures - i) / (attempts - i);
  return joint;
}
