import type { Policy } from "../artifact/artifact.js";
import { decodeBase64 } from "../hash/base64.js";
import type { FeatureVector } from "./featurise.js";

/** How far a request lies from the traffic that the model was trained on, ready to be computed. */
export interface DistributionScorer {
  /** Rarity of each bucket, 0 (in every training request) to 15 (in none). */
  rarity: Uint8Array;
  policy: NonNullable<NonNullable<Policy["in_distribution"]>["score"]>;
  /** Places of the dense features that count, those with a scale above 0. */
  shapeFeatures: Int32Array;
}

/** A request's distance from training. Each part is 1 at its limit; beyond it the request is out of distribution. */
export interface DistributionScore {
  /** Mean rarity of the request's n-grams, in standard deviations above what its length leads to expect; below 0 for
   * requests more ordinary than most. */
  text: number;
  /** Diagonal Mahalanobis distance of the dense features, 0 or more. */
  shape: number;
}

/** Rarity levels that four bits hold. */
export const rarestLevel = 15;

/** Unpack the scorer of a policy.
 * @returns null for a policy without one, such as those of format 1.0 */
export function compileDistribution(inDistribution: Policy["in_distribution"]): DistributionScorer | null {
  const policy = inDistribution?.score;
  if (policy === undefined) return null;
  const packed = decodeBase64(policy.rarity)!;
  const rarity = new Uint8Array(packed.length * 2);
  packed.forEach((pair, i) => {
    rarity[2 * i] = pair & rarestLevel;
    rarity[2 * i + 1] = pair >> 4;
  });
  const shapeFeatures = Int32Array.from(policy.shape_scale.flatMap((scale, f) => (scale > 0 ? [f] : [])));
  return { rarity, policy, shapeFeatures };
}

/** Score a request. One look-up per n-gram: 10 us for 2,000 characters, where making and pooling the n-grams takes 100 us. */
export function scoreDistribution(scorer: DistributionScorer, features: FeatureVector): DistributionScore {
  return {
    text: scoreText(scorer, features),
    shape: shapeDistance(scorer, features.dense) / scorer.policy.shape_limit,
  };
}

/** Weighted mean rarity of a request's n-grams, in [0, 1]; null without n-grams. */
export function meanRarity(rarity: Uint8Array, { ids, weights }: FeatureVector): number | null {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < ids.length; i++) {
    sum += weights[i]! * rarity[ids[i]!]!;
    total += weights[i]!;
  }
  return total > 0 ? sum / total / rarestLevel : null;
}

function scoreText({ rarity, policy }: DistributionScorer, features: FeatureVector): number {
  const mean = meanRarity(rarity, features);
  if (mean === null) return 0;
  const n = features.ids.length;
  const [level, slope] = policy.text_centre;
  const [floor, perGram] = policy.text_variance;
  return (mean - level - slope * Math.log(n)) / Math.sqrt(floor + perGram / n) / policy.text_limit;
}

/** Root mean square of the standardised features. */
function shapeDistance({ policy, shapeFeatures }: DistributionScorer, dense: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < shapeFeatures.length; i++) {
    const f = shapeFeatures[i]!;
    const z = (dense[f]! - policy.shape_mean[f]!) * policy.shape_scale[f]!;
    squares += z * z;
  }
  return shapeFeatures.length > 0 ? Math.sqrt(squares / shapeFeatures.length) : 0;
}
