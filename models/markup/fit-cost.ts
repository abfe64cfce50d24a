import { createRandom } from "../../datasets/random.js";
import { studentQuantile } from "../statistics/quantiles.js";
import { clusterLikeness } from "./cluster-likeness.js";
import { selectMedian } from "./median.js";
import { invert, solveLinear } from "./solve.js";

/** Reported costs as a robust linear function of what they may be made of. */
export interface CostFit {
  /** One per column, in its unit: multiples of a list cost, or USD a call for a column of ones. */
  coefficients: number[];
  /** Sandwich standard errors, and the degrees of freedom of their t intervals. */
  standardErrors: number[];
  covariance: number[][];
  degrees: number;
  /** Relative noise: robust standard deviation of residual over fitted cost, rounding apart. */
  noise: number;
  fitted: Float64Array;
  /** Residuals over their standard deviation (relative noise and rounding together). */
  standardised: Float64Array;
  /** What the standard errors take as independent. */
  clustering: string;
}

/** Fit reported = columns * coefficients + noise, where noise grows with the cost and a share of the rows may follow another rule.
 *
 * Start: least median of relative residuals over random exact fits (breakdown 50 %). Then bisquare M-steps (c = 4.685: 95 % of least
 * squares' efficiency) on residuals over their standard deviation sqrt((noise fitted)^2 + step^2 / 12). Standard errors: sandwich with
 * leverage-corrected scores (HC3), summed within the clusters whose residuals are the most alike, if any are.
 * @param columns one per coefficient; costs of list prices, and ones for a fee a call
 * @param step what costs are rounded to; 0 for nothing noticeable
 * @param clusterings cluster number of each row, by the name of what a cluster is
 * @returns null when the columns don't tell the coefficients apart
 * @see Rousseeuw 1984, Least Median of Squares Regression; Yohai 1987; MacKinnon and White 1985; Cameron and Miller 2015 */
export function fitCost(options: {
  columns: readonly Float64Array[];
  reported: Float64Array;
  step?: number;
  clusterings?: Readonly<Record<string, Int32Array>>;
  seed?: number;
}): CostFit | null {
  const { columns, reported, step = 0, clusterings = {}, seed = 1 } = options;
  const n = reported.length;
  const p = columns.length;
  if (n <= p + 1) return null;
  let coefficients = leastMedian(columns, reported, step, seed);
  if (coefficients === null) return null;
  let state = standardise(columns, reported, coefficients, step);
  for (let iteration = 0; iteration < 50; iteration++) {
    const weights = state.standardised.map((u, i) => bisquareWeight(u) / (state.sd[i]! * state.sd[i]!));
    const next = weightedLeastSquares(columns, reported, weights);
    if (next === null) return null;
    const moved = next.some((value, j) => Math.abs(value - coefficients![j]!) > 1e-9 * Math.abs(value));
    coefficients = next;
    state = standardise(columns, reported, coefficients, step);
    if (!moved) break;
  }
  const errors = sandwich(columns, state, clusterings);
  return (
    errors && {
      coefficients,
      ...errors,
      noise: state.noise,
      fitted: state.fitted,
      standardised: state.standardised,
    }
  );
}

/** Two-sided interval of a linear combination of a fit's coefficients. */
export function fitInterval(
  fit: CostFit,
  combination: readonly number[],
  confidence = 0.95,
): { value: number; low: number; high: number } {
  const value = combination.reduce((sum, c, j) => sum + c * fit.coefficients[j]!, 0);
  const variance = combination.reduce(
    (sum, c, i) => sum + combination.reduce((inner, d, j) => inner + c * d * fit.covariance[i]![j]!, 0),
    0,
  );
  const half = studentQuantile(0.5 + confidence / 2, fit.degrees) * Math.sqrt(Math.max(0, variance));
  return { value, low: value - half, high: value + half };
}

interface State {
  fitted: Float64Array;
  sd: Float64Array;
  standardised: Float64Array;
  noise: number;
}

const starts = 200;
const startRows = 400;

function leastMedian(
  columns: readonly Float64Array[],
  reported: Float64Array,
  step: number,
  seed: number,
): number[] | null {
  const n = reported.length;
  const p = columns.length;
  const random = createRandom(seed);
  const judged =
    n <= startRows
      ? Array.from({ length: n }, (_, i) => i)
      : Array.from({ length: startRows }, () => random.below(n));
  const sizes = new Float64Array(judged.length);
  let best: number[] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start < starts; start++) {
    const rows = Array.from({ length: p }, () => random.below(n));
    const candidate = solveLinear(
      rows.map((i) => columns.map((column) => column[i]!)),
      rows.map((i) => reported[i]!),
    );
    if (candidate === null) continue;
    judged.forEach((i, j) => {
      const fitted = at(columns, candidate, i);
      sizes[j] = fitted > 0 ? Math.abs(reported[i]! - fitted) / Math.max(fitted, reported[i]!, step) : 1e9;
    });
    const median = selectMedian(sizes);
    if (median < least) {
      least = median;
      best = candidate;
    }
  }
  return best;
}

/** Smallest relative noise: below it lie the last digits of binary numbers. */
const leastNoise = 1e-9;
const madToSd = 1 / 0.674_489_75;

function standardise(
  columns: readonly Float64Array[],
  reported: Float64Array,
  coefficients: readonly number[],
  step: number,
): State {
  const fitted = reported.map((_, i) => at(columns, coefficients, i));
  // A cost near zero would have no noise at all, and all the weight.
  const floor = Math.max(step, selectMedian(fitted.slice()) * 0.01, Number.MIN_VALUE);
  const size = fitted.map((value) => Math.max(value, floor));
  const relative = reported.map((value, i) => Math.abs(value - fitted[i]!) / size[i]!);
  const roundingVariance = (step * step) / 12;
  const raw = selectMedian(relative) * madToSd;
  const ofRounding = roundingVariance / selectMedian(size.slice()) ** 2;
  let noise = Math.max(leastNoise, Math.sqrt(Math.max(0, raw * raw - ofRounding)));
  const sdAt = (i: number) => Math.sqrt((noise * size[i]!) ** 2 + roundingVariance);
  // Where rounding is most of it, its flat errors would pass for noise.
  const isSettled = roundingVariance === 0 || raw * raw < 2 * ofRounding;
  for (let i = 0; i < 3 && !isSettled; i++) {
    const u = reported.map((value, row) => Math.abs(value - fitted[row]!) / sdAt(row));
    noise = Math.max(leastNoise, noise * selectMedian(u) * madToSd);
  }
  const sd = reported.map((_, i) => sdAt(i));
  return { fitted, sd, standardised: reported.map((value, i) => (value - fitted[i]!) / sd[i]!), noise };
}

const tuning = 4.685;

function bisquareWeight(u: number): number {
  const part = u / tuning;
  return Math.abs(part) >= 1 ? 0 : (1 - part * part) ** 2;
}

/** Derivative of the bisquare's score u w(u). */
function bisquareSlope(u: number): number {
  const square = (u / tuning) ** 2;
  return square >= 1 ? 0 : (1 - square) * (1 - 5 * square);
}

function weightedLeastSquares(
  columns: readonly Float64Array[],
  reported: Float64Array,
  weights: Float64Array,
): number[] | null {
  const right = columns.map((column) => sumOver(weights, (w, i) => w * column[i]! * reported[i]!));
  return solveLinear(crossProducts(columns, weights), right);
}

function crossProducts(columns: readonly Float64Array[], weights: Float64Array): number[][] {
  return columns.map((a) => columns.map((b) => sumOver(weights, (w, i) => w * a[i]! * b[i]!)));
}

function sandwich(
  columns: readonly Float64Array[],
  { standardised, sd }: State,
  clusterings: Readonly<Record<string, Int32Array>>,
): Pick<CostFit, "standardErrors" | "covariance" | "degrees" | "clustering"> | null {
  const n = sd.length;
  const p = columns.length;
  // The mean slope, not each row's: residuals of rows with much leverage are small, which would pass for certainty.
  const meanSlope = standardised.reduce((sum, u) => sum + bisquareSlope(u), 0) / n;
  const slope = invert(
    crossProducts(
      columns,
      sd.map((value) => meanSlope / value ** 2),
    ),
  );
  const weights = standardised.map((u, i) => bisquareWeight(u) / sd[i]! ** 2);
  const hat = invert(crossProducts(columns, weights));
  if (slope === null || hat === null) return null;
  const scores = columns.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const x = columns.map((column) => column[i]!);
    const leverage = Math.min(0.99, weights[i]! * quadratic(hat, x));
    const score = (standardised[i]! * bisquareWeight(standardised[i]!)) / (sd[i]! * (1 - leverage));
    for (let j = 0; j < p; j++) scores[j]![i] = x[j]! * score;
  }
  const clipped = standardised.map((u) => Math.max(-tuning, Math.min(tuning, u)));
  const alike = Object.entries(clusterings)
    .map(([name, clusters]) => ({ name, clusters, ...clusterLikeness(clipped, clusters) }))
    .filter(({ isAlike }) => isAlike)
    .sort((a, b) => b.correlation - a.correlation)[0];
  const middle = alike
    ? clusterProducts(scores, alike.clusters)
    : crossProducts(scores, new Float64Array(n).fill(1));
  const covariance = product(product(slope, middle), slope);
  return {
    covariance,
    standardErrors: covariance.map((row, j) => Math.sqrt(Math.max(0, row[j]!))),
    degrees: alike ? alike.count - 1 : n - p,
    clustering: alike?.name ?? "call",
  };
}

function clusterProducts(scores: readonly Float64Array[], clusters: Int32Array): number[][] {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster), -1) + 1;
  const sums = scores.map((score) => {
    const sum = new Float64Array(count);
    score.forEach((value, i) => {
      sum[clusters[i]!]! += value;
    });
    return sum;
  });
  return crossProducts(sums, new Float64Array(count).fill(count / (count - 1)));
}

function at(columns: readonly Float64Array[], coefficients: readonly number[], i: number): number {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) sum += coefficients[j]! * columns[j]![i]!;
  return sum;
}

function sumOver(weights: Float64Array, of: (weight: number, i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += of(weights[i]!, i);
  return sum;
}

function quadratic(matrix: readonly number[][], x: readonly number[]): number {
  return matrix.reduce(
    (sum, row, i) => sum + x[i]! * row.reduce((inner, value, j) => inner + value * x[j]!, 0),
    0,
  );
}

function product(a: readonly number[][], b: readonly number[][]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}
