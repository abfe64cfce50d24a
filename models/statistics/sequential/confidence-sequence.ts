/** Half-width of an asymptotic confidence sequence: an interval around a mean that holds at all sample sizes at once, so that it may be
 * looked at as often as one likes. Asymptotic: it leans on the central limit theorem, so don't read it below some 30 sessions, and
 * certify with the e-process.
 *
 * sigma sqrt(2 (n rho^2 + 1) / (n^2 rho^2) log(1 + sqrt(n rho^2 + 1) / (2 alpha))) for one side, log(sqrt(n rho^2 + 1) / alpha) for two.
 * @param sigma standard deviation of one of the n observations
 * @param n independent observations (sessions), above 0
 * @param nStar number at which the sequence is tightest, chosen beforehand
 * @see Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, Time-uniform central limit theory, eq. 10 and B.2 (two-sided: theorem 2.2);
 * the form is GrowthBook's */
export function sequenceHalfWidth({
  sigma,
  n,
  alpha,
  nStar,
  sides,
}: {
  sigma: number;
  n: number;
  alpha: number;
  nStar: number;
  sides: 1 | 2;
}): number {
  const rho = tunedRho(sides === 1 ? 2 * alpha : alpha, nStar);
  const spread = n * rho * rho + 1;
  const log = sides === 1 ? Math.log1p(Math.sqrt(spread) / (2 * alpha)) : Math.log(Math.sqrt(spread) / alpha);
  return (sigma / (n * rho)) * Math.sqrt(2 * spread * log);
}

/** rho at which a two-sided sequence at level alpha is tightest after nStar observations. */
function tunedRho(alpha: number, nStar: number): number {
  const log = -2 * Math.log(alpha);
  return Math.sqrt((log + Math.log(log + 1)) / nStar);
}
