/** Watches checked hits for a share of wrong ones above what was promised. */
export interface DriftAlarm {
  /** Evidence against the promise: 1 at the start; the promise being kept, it ever reaches 1 / delta with probability at most delta. */
  readonly evidence: number;
  readonly checked: number;
  /** Whether the evidence has reached 1 / delta: fall back to exact hits. It stays so. */
  readonly isRaised: boolean;
  /** Report one request drawn at random from all of them.
   * @param isWrong whether it was served a wrong answer; a request that was not served counts as false
   * @returns {@link isRaised} */
  check(isWrong: boolean): boolean;
}

/** Open a drift alarm: an e-process for "wrong hits are at most alpha of requests", valid however often it is looked at. Bets of several
 * sizes are averaged, so that none has to be tuned: a small one notices a slight excess late, a large one a great excess soon.
 * @param alpha promised share, in (0, 1)
 * @param delta probability of a false alarm, ever, in (0, 1)
 * @see Ville 1939; Waudby-Smith and Ramdas 2024, Estimating means of bounded random variables by betting */
export function openDriftAlarm({ alpha, delta }: { alpha: number; delta: number }): DriftAlarm {
  const largest = 1 / alpha;
  const bets = betShares.map((share) => share * largest);
  const logs = new Float64Array(bets.length);
  let [checked, evidence, isRaised] = [0, 1, false];
  return {
    get evidence() {
      return evidence;
    },
    get checked() {
      return checked;
    },
    get isRaised() {
      return isRaised;
    },
    check(isWrong) {
      checked += 1;
      bets.forEach((bet, i) => {
        logs[i]! += Math.log1p(bet * (Number(isWrong) - alpha));
      });
      evidence = logs.reduce((sum, log) => sum + Math.exp(log), 0) / bets.length;
      isRaised ||= evidence >= 1 / delta;
      return isRaised;
    },
  };
}

/** Bets as shares of the largest one that can't go below zero, 1 / alpha. */
const betShares = [0.005, 0.01, 0.02, 0.05, 0.1, 0.3];
