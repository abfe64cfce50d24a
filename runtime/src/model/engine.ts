import type { FeatureVector } from "../features/featurise.js";

/** What the model says about one request. */
export interface Prediction {
  /** One probability per head of the manifest, in order. */
  probabilities: Float64Array;
  /** Quantiles of ln(1 + output tokens), in the manifest's order; empty without a length head. */
  lengthQuantiles: Float64Array;
}

/** Runs the exported graph on one request. Synchronous, because `decide` is. The built-in kernel is the default; every
 * other engine must agree with it to 1e-5, which the golden rows check at load. */
export interface Engine {
  readonly name: string;
  /** Same features, same prediction: then it may be remembered. Absent = unknown. */
  readonly isDeterministic?: true;
  predict(features: FeatureVector): Prediction;
}
