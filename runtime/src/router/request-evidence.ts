import type { Policy } from "../artifact/artifact.js";
import { denseNames } from "../features/dense-features.js";
import { isDisguised } from "../features/disguised-text.js";
import { type DistributionScore, scoreDistribution } from "../features/distribution-score.js";
import type { FeatureVector } from "../features/featurise.js";
import { capText, textCap } from "../features/normalise-text.js";
import type { Prediction } from "../model/engine.js";
import type { ReadRequest } from "../request/read-request.js";
import type { CompiledPolicy } from "./compile-policy.js";

/** Everything that a choice takes from a request's features and the model. It depends on nothing but what the featuriser reads, so it
 * may be kept for the same request. */
export interface RequestEvidence {
  /** In head order. */
  probabilities: ArrayLike<number>;
  /** Quantiles of ln(1 + output tokens); empty without a length head. */
  lengths: ArrayLike<number>;
  /** Distance from training, 1 = the limit; null when the policy has no such score. */
  ood: number | null;
  /** What is unlike the training traffic; null when nothing is. */
  stranger: string | null;
  /** Of the last user turn, in [0, 1]. */
  nonAsciiShare: number;
}

/** Gather the evidence on one request.
 * @param features as the featuriser gives them, not clamped */
export function gatherEvidence(
  compiled: CompiledPolicy,
  read: ReadRequest,
  features: FeatureVector,
  {
    probabilities,
    lengthQuantiles,
  }: { probabilities: ArrayLike<number>; lengthQuantiles?: ArrayLike<number> },
): RequestEvidence {
  const distance = compiled.distribution === null ? null : scoreDistribution(compiled.distribution, features);
  return {
    probabilities,
    lengths: lengthQuantiles ?? [],
    ood: distance === null ? null : Math.max(distance.text, distance.shape),
    stranger:
      findBeyond(compiled.policy.in_distribution, features.dense) ?? whatIsUnknown(read, features, distance),
    nonAsciiShare: features.dense[nonAscii]!,
  };
}

/** First dense feature outside its bounds. */
function findBeyond(bounds: Policy["in_distribution"], dense: Float32Array): string | null {
  if (bounds === null) return null;
  const rounding = 1e-6;
  for (let i = 0; i < dense.length; i++) {
    if (dense[i]! < bounds.dense_low[i]! - rounding || dense[i]! > bounds.dense_high[i]! + rounding) {
      return denseNames[i]!;
    }
  }
  return null;
}

function whatIsUnknown(
  { userText }: ReadRequest,
  { dense }: FeatureVector,
  distance: DistributionScore | null,
): string | null {
  if (distance === null) return null;
  if (distance.text > 1) return "novel_text";
  if (distance.shape > 1) return "unusual_shape";
  // Only other characters than ASCII can disguise a text.
  return dense[nonAscii]! > 0 && isDisguised(capText(userText, textCap)) ? "disguised_text" : null;
}

const nonAscii = denseNames.indexOf("non_ascii_share");

/** Whether a prediction holds only numbers; one that doesn't is a fault of the engine. */
export function isFinitePrediction({ probabilities, lengthQuantiles }: Prediction): boolean {
  return probabilities.every(Number.isFinite) && !lengthQuantiles.some(Number.isNaN);
}
