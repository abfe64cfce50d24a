import { normalQuantile } from "../../statistics/quantiles.js";
import type { VcacheThreshold } from "./fit-vcache-threshold.js";

/** Probability with which vCache asks the model rather than serve an entry, so that P(wrong answer) is at most delta: the least over
 * eps of 1 - delta / (1 - a(eps)), where a(eps) = (1 - eps) sigma(slope (s - t')) is a lower bound on P(the answer serves), and t' the
 * upper limit of t that the true one exceeds with probability eps. May be below 0: serve always.
 * @see Schroeder et al. 2025, arXiv 2502.03771, algorithm 1 */
export function exploreProbability(
  { t, slope, variance }: VcacheThreshold,
  cosine: number,
  delta: number,
): number {
  const deviation = Math.sqrt(variance);
  let least = 1;
  for (const { eps, quantile } of levels) {
    const upper = Math.min(1, Math.max(0, t + quantile * deviation));
    const bound = (1 - eps) / (1 + Math.exp(slope * (upper - cosine)));
    least = Math.min(least, 1 - delta / (1 - bound));
  }
  return least;
}

const levelCount = 50;
const outermost = 1e-6;

/** Fifty equally spaced eps from 1e-6 to 1 - 1e-6. */
const levels = Array.from({ length: levelCount }, (_, i) => {
  const eps = outermost + (i / (levelCount - 1)) * (1 - 2 * outermost);
  return { eps, quantile: normalQuantile(1 - eps) };
});
