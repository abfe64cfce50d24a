import { effectiveDegrees } from "./effective-degrees.js";
import { studentQuantile } from "./quantiles.js";
import type { Interval } from "./wilson-interval.js";

/** A row that a human rated as well. */
export interface Rating {
  /** Number of the judged row. */
  row: number;
  /** What the human said, on the scale of the predictions. */
  value: number;
  /** Probability with which this judged row was picked for rating, above 0, at most 1. */
  inclusion: number;
}

/** Rows that a judge valued, some of which humans valued too. */
export interface PredictionPoweredInput {
  /** The judge's value of each row. */
  predictions: ArrayLike<number>;
  /** What the mean is divided by, known for every row, such as the strong model's quality; ones when absent. */
  denominators?: ArrayLike<number>;
  /** Inverse inclusion probability of each row. */
  weights: ArrayLike<number>;
  /** Session number of each row. */
  clusters: ArrayLike<number>;
  ratings: readonly Rating[];
}

/** A corrected estimate, and how far it leans on the judge. */
export interface PredictionPowered extends Interval {
  standardError: number;
  /** 0 = ratings alone, 1 = the judge's values plus their mean error. */
  lambda: number;
}

/** Weighted mean, or ratio of means, of what humans would have said about all rows: the ratings' mean, plus lambda times what the
 * judge says more about all rows than about the rated ones. It is right however badly the judge errs, and wherever it errs,
 * as long as ratings were picked at random with the stated probabilities; a good judge only makes it narrower. Lambda has the least variance (PPI++), within [0, 1].
 * The 95 % interval is linearised, clustered by session, Student t with effective degrees of freedom, fewer than the
 * sessions with a rating.
 * @returns null with ratings in fewer than two sessions
 * @see Angelopoulos et al. 2023, Prediction-powered inference; Angelopoulos, Duchi and Zrnic 2023, PPI++; Cochran 1977, sec. 6.4 and 7.1
 *   for the same estimator in double sampling */
export function predictionPowered(input: PredictionPoweredInput): PredictionPowered | null {
  const { predictions, denominators, weights, clusters, ratings } = input;
  const rated = ratings.map(({ row, value, inclusion }) => ({
    cluster: clusters[row]!,
    weight: weights[row]! / inclusion,
    human: value,
    judge: predictions[row]!,
  }));
  const ratedClusters = new Set(rated.map(({ cluster }) => cluster)).size;
  if (ratedClusters < 2) return null;
  const total = sum(weights.length, (i) => weights[i]!);
  const ratedTotal = sum(rated.length, (i) => rated[i]!.weight);
  const judgeMean = sum(weights.length, (i) => weights[i]! * predictions[i]!) / total;
  const ratedJudgeMean = sum(rated.length, (i) => rated[i]!.weight * rated[i]!.judge) / ratedTotal;
  const humanMean = sum(rated.length, (i) => rated[i]!.weight * rated[i]!.human) / ratedTotal;
  const bottom = denominators ? sum(weights.length, (i) => weights[i]! * denominators[i]!) / total : 1;

  // Per cluster: what it adds to the error of the human part, and to that of the judge's correction.
  const humanPart = new Map<number, number>();
  const judgePart = new Map<number, number>();
  for (const { cluster, weight, human, judge } of rated) {
    add(humanPart, cluster, (weight * (human - humanMean)) / ratedTotal);
    add(judgePart, cluster, (weight * (judge - ratedJudgeMean)) / ratedTotal);
  }
  const pilot = humanMean / bottom;
  for (let i = 0; i < weights.length; i++) {
    add(judgePart, clusters[i]!, (-weights[i]! * (predictions[i]! - judgeMean)) / total);
    if (denominators)
      add(humanPart, clusters[i]!, (-pilot * weights[i]! * (denominators[i]! - bottom)) / total);
  }
  const lambda = leastVariance(humanPart, judgePart);
  const value = (humanMean + lambda * (judgeMean - ratedJudgeMean)) / bottom;
  const residuals = [...judgePart].map(([cluster, judge]) => (humanPart.get(cluster) ?? 0) - lambda * judge);
  const squares = residuals.reduce((squared, residual) => squared + residual ** 2, 0);
  const standardError = Math.sqrt((squares * ratedClusters) / (ratedClusters - 1)) / Math.abs(bottom);
  const degrees = Math.min(ratedClusters - 1, effectiveDegrees(residuals));
  const half = studentQuantile(0.975, degrees) * standardError;
  return { value, low: value - half, high: value + half, standardError, lambda };
}

function leastVariance(
  humanPart: ReadonlyMap<number, number>,
  judgePart: ReadonlyMap<number, number>,
): number {
  let product = 0;
  let square = 0;
  for (const [cluster, judge] of judgePart) {
    product += (humanPart.get(cluster) ?? 0) * judge;
    square += judge * judge;
  }
  return square > 0 ? Math.min(1, Math.max(0, product / square)) : 0;
}

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function sum(n: number, value: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < n; i++) total += value(i);
  return total;
}
