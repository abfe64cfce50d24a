import { createRandom } from "../../../datasets/random.js";
import { normalCdf } from "../normal-cdf.js";
import { sampleQuantile } from "../quantiles.js";
import { sequenceHalfWidth } from "./confidence-sequence.js";

/** P(a random walk with this drift and standard deviation per step reaches the bound within n steps): first passage of Brownian motion,
 * inverse Gaussian.
 * @see Cox and Miller 1965, The Theory of Stochastic Processes, sec. 5.7 */
export function crossingChance(
  n: number,
  { drift, deviation, bound }: { drift: number; deviation: number; bound: number },
): number {
  const scale = deviation * Math.sqrt(n);
  const reflected = normalCdf((-bound - drift * n) / scale);
  return (
    normalCdf((drift * n - bound) / scale) +
    (reflected > 0 ? Math.exp((2 * drift * bound) / deviation ** 2 + Math.log(reflected)) : 0)
  );
}

/** Observations within which the upper end of the one-sided confidence sequence falls below the margin with the given power. Paths of
 * Brownian motion, seeded and looked at 60 times per factor of 30, since the bound is curved; good to about 5 %.
 * @param gap margin minus the true difference, above 0
 * @param sigma standard deviation of one observation
 * @returns infinite when above 30 nStar */
export function sequenceStoppingTime(options: {
  gap: number;
  sigma: number;
  alpha: number;
  power: number;
  nStar: number;
}): number {
  const { gap, sigma, alpha, power, nStar } = options;
  const random = createRandom(20_260_601);
  const times = Array.from({ length: looks }, (_, i) => 0.03 * nStar * growth ** i);
  const bounds = times.map((n) => n * (gap - sequenceHalfWidth({ sigma, n, alpha, nStar, sides: 1 })));
  const stops = Float64Array.from({ length: paths }, () => {
    let [sum, before] = [0, 0];
    for (let i = 0; i < looks; i++) {
      sum += sigma * Math.sqrt(times[i]! - before) * random.normal();
      before = times[i]!;
      if (sum <= bounds[i]!) return before;
    }
    return Number.POSITIVE_INFINITY;
  }).sort();
  const stop = sampleQuantile(stops, power);
  return Number.isNaN(stop) ? Number.POSITIVE_INFINITY : stop;
}

const paths = 1_000;
const looks = 120;
const growth = 30 ** (1 / 60);
