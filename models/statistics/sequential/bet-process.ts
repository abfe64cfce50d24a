/** Evidence against "the mean of these bounded values is at most 0", which may be looked at after every bet. */
export interface BetProcess {
  /** Natural logarithm of the e-value W: 0 at the start. Under the null W ever reaches 1 / alpha with probability at most alpha. */
  readonly logEvidence: number;
  /** The largest that it has been. */
  readonly peak: number;
  readonly bets: number;
  /** Bet on one session.
   * @param sum of x over its rows, at least -lowest x size
   * @param size its rows, 1 to sessionCap
   * @throws {RangeError} for a session outside these bounds */
  bet(sum: number, size: number): void;
}

/** Open a betting e-process for H0: E[sum of x over a session] <= 0, x >= -lowest. For non-inferiority x = margin - D with D in [-1, 1], so
 * lowest = 1 - margin; for its mirror x = D - margin and lowest = 1 + margin.
 *
 * W <- W (1 + lambda S / c), S the session's sum, c the session cap. lambda is fixed before the session is seen and the same whatever
 * its size, so under H0 each factor has a conditional mean of at most 1 however rows of one session depend on each other, and W is a
 * nonnegative supermartingale. Since E[S] <= 0 is E[sum of x] / E[size] <= 0, the null speaks of the *pair-weighted* mean; a bet on the
 * session's own mean would test the session-weighted one. A lambda that depends on the size would test neither.
 *
 * Three bets are averaged: half, once and twice the one that grows fastest if the true mean of x is `drift`, lambda = drift E[n] / E[S^2] in
 * units of c, with the moments of the sessions so far. lambda stays within half of the range in which W can't fall below 0, 1 / lowest.
 * @param drift mean of x that is worth finding soonest, above 0; the test is valid whatever it is. For non-inferiority the margin:
 * a candidate as good as the baseline
 * @param sessionCap most rows of a session
 * @see Ville 1939; Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting, sec. 4 and B */
export function openBetProcess({
  lowest,
  drift,
  sessionCap = 1,
}: {
  lowest: number;
  drift: number;
  sessionCap?: number;
}): BetProcess {
  const largest = 0.5 / lowest;
  const logs = betSizes.map(() => 0);
  // one pretended session of one row, x^2 = 1/4, keeps the first bets small
  let [sizes, squares] = [1 / sessionCap, 0.25 / sessionCap ** 2];
  let [bets, logEvidence, peak] = [0, 0, 0];
  return {
    get logEvidence() {
      return logEvidence;
    },
    get peak() {
      return peak;
    },
    get bets() {
      return bets;
    },
    bet(sum, size) {
      if (!(size >= 1 && size <= sessionCap) || !(sum >= -lowest * size - 1e-9)) {
        throw new RangeError(
          `a session of ${size} rows and sum ${sum} is outside the bounds of ${sessionCap} rows, each at least ${-lowest}`,
        );
      }
      const best = (drift * sizes) / squares;
      const x = sum / sessionCap;
      betSizes.forEach(({ factor }, i) => {
        logs[i]! += Math.log1p(Math.min(largest, factor * best) * x);
      });
      bets += 1;
      sizes += size / sessionCap;
      squares += x * x;
      logEvidence = logMean(logs);
      peak = Math.max(peak, logEvidence);
    },
  };
}

/** Multiples of the best bet, and the share of the stake that is on each. */
export const betSizes = [
  { factor: 0.5, stake: 0.25 },
  { factor: 1, stake: 0.5 },
  { factor: 2, stake: 0.25 },
] as const;

/** log of the stakes' weighted mean of exp(logs), without overflow. */
function logMean(logs: readonly number[]): number {
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log, i) => sum + betSizes[i]!.stake * Math.exp(log - top), 0));
}
