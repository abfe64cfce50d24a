import { betaQuantile } from "./beta.js";
import type { Interval } from "./wilson-interval.js";

/** Exact (Clopper-Pearson) interval for a binomial share: never covers less often than it says, also with few trials and
 * shares near 0 and 1. Counts may be fractions, such as an effective number of trials.
 * @param successes 0 to trials
 * @param trials above 0
 * @see Clopper and Pearson 1934; Korn and Graubard 1998 for effective counts */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  const failures = Math.max(0, trials - successes);
  return {
    value: successes / trials,
    low: successes <= 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures <= 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}
