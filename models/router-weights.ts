import type { Head } from "@signalbox/runtime";

/** Everything that the exported graph computes with. Matrices are row-major float32. K = probability heads + length
 * quantiles, in that order. */
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
  /** (K): calibration of the logits; 1 and 0 for length quantiles. */
  scale: Float32Array;
  shift: Float32Array;
}

/** Number of output columns K. */
export function outputColumns(weights: Pick<RouterWeights, "heads" | "lengthQuantiles">): number {
  return weights.heads.length + weights.lengthQuantiles.length;
}
