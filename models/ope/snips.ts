import { importanceWeights } from "./importance-weights.js";
import type { OpeRows } from "./ope-rows.js";

/** Self-normalised inverse propensity scoring, sum(w r) / sum(w), as linearised values of the rows: V + w (r - V) / mean(w), whose mean is V and
 * whose spread gives its standard error. Slightly biased, and far steadier than {@link ips}: adding a constant to all rewards adds it to V.
 * @returns NaN in every row when no weight is above 0
 * @see Swaminathan and Joachims 2015, The Self-Normalized Estimator for Counterfactual Learning */
export function snips(rows: OpeRows, clip?: number): Float64Array {
  const weights = importanceWeights(rows, clip);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const value = weights.reduce((sum, weight, row) => sum + weight * rows.reward[row]!, 0) / total;
  const mean = total / weights.length;
  return weights.map((weight, row) => value + (weight * (rows.reward[row]! - value)) / mean);
}
