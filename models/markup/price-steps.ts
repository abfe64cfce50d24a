import { quantilesOf } from "../statistics/quantiles.js";

/** A stretch of time with one rule for costs. */
export interface Stretch {
  /** First row of it, and the row behind its last, in the order of time. */
  from: number;
  to: number;
}

/** Find where the ratio of reported to fitted cost steps: binary segmentation by the CUSUM of clipped standardised residuals, at
 * p < 1e-4 of the Brownian bridge, kept only where the medians of the two sides differ by over 0.3 % and by four standard errors.
 * @param relative residual over fitted cost, in the order of time
 * @param standardised the same residuals over their standard deviation
 * @param spread times that errors of means are wider than with independent rows; 1 = they are independent
 * @returns at least one stretch; they follow each other and cover all rows
 * @see Page 1954; Vostrikova 1981 */
export function priceSteps(relative: Float64Array, standardised: Float64Array, spread = 1): Stretch[] {
  const stretches: Stretch[] = [];
  const open: Stretch[] = [{ from: 0, to: relative.length }];
  while (open.length > 0) {
    const stretch = open.pop()!;
    const cut =
      stretches.length + open.length < mostStretches
        ? findStep(relative, standardised, stretch, spread)
        : null;
    if (cut === null) stretches.push(stretch);
    else open.push({ from: cut, to: stretch.to }, { from: stretch.from, to: cut });
  }
  return stretches.sort((a, b) => a.from - b.from);
}

const mostStretches = 6;
const leastRows = 20;
const leastStep = 0.003;
/** sqrt(-ln(p / 2) / 2) at p = 1e-4: the tail of the largest value of a Brownian bridge. */
const criticalValue = 2.226;

function findStep(
  relative: Float64Array,
  standardised: Float64Array,
  { from, to }: Stretch,
  spread: number,
): number | null {
  const n = to - from;
  if (n < 2 * leastRows) return null;
  const [middle] = quantilesOf(standardised.slice(from, to), [0.5]) as [number];
  const scores = standardised.slice(from, to).map((u) => Math.max(-2, Math.min(2, u - middle)));
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / n;
  if (variance === 0) return null;
  let sum = 0;
  let largest = 0;
  let cut = 0;
  for (let i = 0; i < n - 1; i++) {
    sum += scores[i]! - mean;
    if (i + 1 >= leastRows && n - i - 1 >= leastRows && Math.abs(sum) > largest) {
      largest = Math.abs(sum);
      cut = i + 1;
    }
  }
  if (largest / (spread * Math.sqrt(variance * n)) < criticalValue) return null;
  const before = medianWithError(relative.slice(from, from + cut));
  const after = medianWithError(relative.slice(from + cut, to));
  const step = Math.abs(after.median - before.median);
  return step > leastStep && step > 4 * spread * Math.hypot(before.error, after.error) ? from + cut : null;
}

function medianWithError(values: Float64Array): { median: number; error: number } {
  const [low, median, high] = quantilesOf(values, [0.25, 0.5, 0.75]) as [number, number, number];
  return { median, error: (1.253 * (high - low)) / 1.349 / Math.sqrt(values.length) };
}
