import { clopperPearson } from "./clopper-pearson.js";
import { clusterRatio } from "./cluster-ratio.js";
import { studentQuantile } from "./quantiles.js";
import { type Interval, wilsonInterval } from "./wilson-interval.js";

/** Values in [0, 1] with the weights and the sessions that they were sampled with. */
export interface SurveyValues {
  values: ArrayLike<number>;
  /** Inverse inclusion probabilities, up to a factor. */
  weights: ArrayLike<number>;
  /** Session number of each value, or any id. */
  clusters: ArrayLike<number>;
}

/** A share of a weighted, clustered sample, with intervals that hold for few rows and near 0 and 1. */
export interface SurveyShare {
  value: number;
  /** Independent rows of equal weight that would say as much; at most the rows that there are. */
  effectiveRows: number;
  exact: Interval;
  wilson: Interval;
}

/** Estimate a share from a weighted, clustered sample: the variance is the cluster-robust one, and the intervals are the
 * binomial ones at the number of independent rows that has the same variance. Where all values are equal and the variance
 * says nothing, each session counts as one row, discounted for unequal weights.
 * @returns null without values
 * @see Korn and Graubard 1998, Confidence intervals for proportions with small expected number of positive counts */
export function surveyShare({ values, weights, clusters }: SurveyValues): SurveyShare | null {
  const n = values.length;
  if (n === 0) return null;
  const weighted = Float64Array.from({ length: n }, (_, i) => values[i]! * weights[i]!);
  const ratio = clusterRatio(weighted, weights, clusters);
  const value = Math.min(1, Math.max(0, ratio.value));
  const most = kishRows(weights);
  const binomial = value * (1 - value);
  const variance = ratio.standardError ** 2;
  const isSilent = ratio.clusters < 2 || !(variance > 0) || !(binomial > 0);
  const effectiveRows = isSilent
    ? Math.min(most, ratio.clusters)
    : Math.min(n, (binomial / variance) * fewClusters(n, ratio.clusters));
  return {
    value,
    effectiveRows,
    exact: clopperPearson(value * effectiveRows, effectiveRows),
    wilson: wilsonInterval(value * effectiveRows, effectiveRows),
  };
}

/** Rows of equal weight that are worth these (Kish 1965): (sum w)^2 / sum w^2. */
export function kishRows(weights: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    squares += weights[i]! ** 2;
  }
  return (sum * sum) / squares;
}

/** A variance from few clusters is itself uncertain: Korn and Graubard shrink the effective rows by this factor. */
function fewClusters(rows: number, clusters: number): number {
  return (studentQuantile(0.975, Math.max(1, rows - 1)) / studentQuantile(0.975, clusters - 1)) ** 2;
}
