import { clopperPearson } from "./clopper-pearson.js";
import { type ClusterRatio, clusterRatio } from "./cluster-ratio.js";
import { studentQuantile } from "./quantiles.js";
import { type Interval, wilsonInterval } from "./wilson-interval.js";

/** A share of a weighted, clustered sample, with intervals that hold for few rows and near 0 and 1. */
export interface SurveyShare {
  value: number;
  /** Independent rows of equal weight that would say as much; at most the rows that there are. */
  effectiveRows: number;
  exact: Interval;
  wilson: Interval;
}

/** Estimate a share from a weighted, clustered sample.
 * @param values in [0, 1]
 * @param weights inverse inclusion probabilities, up to a factor
 * @param clusters session number of each value, or any number
 * @returns null without values
 * @see effectiveShare */
export function surveyShare({
  values,
  weights,
  clusters,
}: {
  values: ArrayLike<number>;
  weights: ArrayLike<number>;
  clusters: ArrayLike<number>;
}): SurveyShare | null {
  const rows = values.length;
  if (rows === 0) return null;
  const weighted = Float64Array.from({ length: rows }, (_, i) => values[i]! * weights[i]!);
  const ratio = clusterRatio(weighted, weights, clusters);
  return effectiveShare(ratio, { rows, clusters: ratio.clusters, evenRows: kishRows(weights) });
}

/** Turn a share with its cluster-robust error into one with binomial intervals, at the number of independent rows that has the same
 * variance. Where the variance says nothing, because all values are equal, each session counts as one row, discounted for
 * unequal weights.
 * @param basis rows that entered, sessions that the variance rests on, and the rows of equal weight that they are worth
 * @see Korn and Graubard 1998, Confidence intervals for proportions with small expected number of positive counts */
export function effectiveShare(
  ratio: ClusterRatio,
  basis: { rows: number; clusters: number; evenRows: number },
): SurveyShare {
  const { rows, clusters, evenRows } = basis;
  const value = Math.min(1, Math.max(0, ratio.value));
  const binomial = value * (1 - value);
  const variance = ratio.standardError ** 2;
  const isSilent = clusters < 2 || !(variance > 1e-18) || !(binomial > 1e-9);
  const effectiveRows = isSilent
    ? Math.min(evenRows, clusters)
    : Math.min(rows, (binomial / variance) * fewClusters(rows, clusters));
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
