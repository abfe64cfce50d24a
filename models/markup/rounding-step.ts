import { quantilesOf } from "../statistics/quantiles.js";

/** The step that reported costs are rounded to: the largest power of ten, from 1 down to 1e-9, of which 99 % of the costs are multiples.
 * @param reported USD
 * @returns 0 when there is none, when fewer than 20 costs are above zero, or when it is below a 20,000th of the median cost and can't matter */
export function roundingStep(reported: Float64Array): number {
  const positive = reported.filter((cost) => cost > 0);
  if (positive.length < leastCosts) return 0;
  const [median] = quantilesOf(positive, [0.5]) as [number];
  for (let digits = 0; digits <= 9; digits++) {
    const step = 10 ** -digits;
    if (step < median / 20_000) return 0;
    const multiples = positive.reduce((count, cost) => {
      const quotient = cost * 10 ** digits;
      return (
        count +
        (quotient >= 0.5 && Math.abs(quotient - Math.round(quotient)) < 1e-6 * Math.max(1, quotient * 1e-3)
          ? 1
          : 0)
      );
    }, 0);
    if (multiples >= 0.99 * positive.length) return step;
  }
  return 0;
}

/** Of fewer costs some are multiples of something by chance. */
const leastCosts = 20;
