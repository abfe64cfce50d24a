import { normalQuantile } from "./quantiles.js";

/** An interval for a share, with its point estimate. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Wilson score interval for a binomial share: covers about as often as it says, also near 0 and 1.
 * @see Wilson 1927; Brown, Cai and DasGupta 2001 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / trials;
  const centre = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))) /
    (1 + (z * z) / trials);
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
