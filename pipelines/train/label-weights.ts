import type { LabelWeights } from "../../datasets/model-evidence.js";

/** How unequal the labelled rows' inclusion weights are, and what they leave of the sample (Kish's effective size).
 * @see Kish 1965, Survey Sampling, sec. 11.7 */
export function labelWeights(weights: readonly number[]): LabelWeights {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight * weight, 0);
  return {
    least: weights.reduce((a, b) => Math.min(a, b)),
    most: weights.reduce((a, b) => Math.max(a, b)),
    effective_rows: (sum * sum) / squares,
  };
}
