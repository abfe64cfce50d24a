import type { Head } from "@signalbox/runtime";

/** Everything that the exported graph computes with. Matrices are row-major float32. O = probability heads + length
 * quantiles, in that order; K = logits that they are mixed from, such as the quality of each model's answer. */
export interface RouterWeights {
  heads: Head[];
  /** Quantile levels of ln(1 + output tokens); empty without a length head. */
  lengthQuantiles: number[];
  featuriser: { version: number; hash: string };
  /** B: hash buckets. */
  buckets: number;
  /** F: dense features. */
  denseFeatures: number;
  /** H: hidden units of the deep part; 0 = none. */
  hidden: number;
  /** (B, K) */
  wideTable: Float32Array;
  /** (F, K) */
  denseWide: Float32Array;
  /** (K) */
  bias: Float32Array;
  /** (B, H), (F, H), (H), (H, K); empty when H = 0 */
  deepTable: Float32Array;
  denseDeep: Float32Array;
  deepBias: Float32Array;
  deepOut: Float32Array;
  /** (2 K, O): weights of the logits, then of their sigmoids, in each output. */
  mix: Float32Array;
  /** (O) */
  shift: Float32Array;
  /** (O, J): knots of each output's calibration and the change of slope at each; empty when J = 0. */
  knots: Float32Array;
  bends: Float32Array;
}

/** Number of outputs O. */
export function outputCount(weights: Pick<RouterWeights, "heads" | "lengthQuantiles">): number {
  return weights.heads.length + weights.lengthQuantiles.length;
}
