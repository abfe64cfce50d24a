import type { Policy } from "../artifact/artifact.js";
import type { FeatureVector } from "./featurise.js";

/** Features as the model reads them: dense ones no lower and no higher than the range that training gave enough of, so that
 * a single foreign character or a pasted symbol can't push a probability further than common requests do.
 * @returns the same vector for a policy without a range, such as those of format 1.0 */
export function clampDense({ dense_range: range }: Policy, features: FeatureVector): FeatureVector {
  if (range === undefined) return features;
  const { ids, weights } = features;
  const dense = features.dense.map((value, f) => Math.min(range.high[f]!, Math.max(range.low[f]!, value)));
  return { ids, weights, dense };
}
