import type { OperatingPolicy } from "../artifact/operating-policy.js";
import { sampleShadow } from "./shadow-sample.js";

/** What chance made of a choice. */
export interface ExploredChoice {
  /** Place of the model among the policy's, by cost. */
  rank: number;
  /** Whether it was drawn. */
  explored: boolean;
  /** Chance that this model had, in (0, 1]. */
  propensity: number;
}

/** Draw a model at random for a share of the units, so that a log supports off-policy evaluation. A unit is drawn when the bucket of
 * salt:explore:unit is below epsilon; its model is the feasible one with the highest bucket of salt:explore:MODEL:unit. That is uniform
 * over any set, and a unit keeps its model as long as it is feasible, whatever else comes and goes.
 * propensity = (1 - epsilon) [model = greedy] + epsilon / feasible models
 * @param names the policy's models
 * @param feasible places of the models that may be drawn, the greedy one among them
 * @see Horvitz and Thompson 1952; for the draw: Thaler and Ravishankar 1998, rendezvous hashing */
export function exploreModel(
  { epsilon, salt }: NonNullable<OperatingPolicy["exploration"]>,
  { unit, names, feasible, greedy }: ExploreInput,
): ExploredChoice {
  if (epsilon === 0) return { rank: greedy, explored: false, propensity: 1 };
  const explored = bucketOf(`${salt}:explore`, unit) < epsilon;
  const rank = explored ? drawOne(salt, unit, names, feasible) : greedy;
  return { rank, explored, propensity: (rank === greedy ? 1 - epsilon : 0) + epsilon / feasible.length };
}

/** What is drawn for whom. */
export interface ExploreInput {
  /** Session, else request. */
  unit: string;
  names: readonly string[];
  feasible: readonly number[];
  greedy: number;
}

/** Whether the ramp keeps a unit back: its bucket of salt:ramp:unit is at or above the share. A unit that is let in stays in as the share
 * grows. */
export function isKeptBack(ramp: OperatingPolicy["ramp"], unit: () => string): boolean {
  if (ramp === undefined || ramp.share >= 1) return false;
  return bucketOf(`${ramp.salt}:ramp`, unit()) >= ramp.share;
}

function drawOne(salt: string, unit: string, names: readonly string[], feasible: readonly number[]): number {
  let drawn = feasible[0]!;
  let highest = -1;
  for (const rank of feasible) {
    const bucket = bucketOf(`${salt}:explore:${names[rank]!}`, unit);
    if (bucket > highest) {
      drawn = rank;
      highest = bucket;
    }
  }
  return drawn;
}

function bucketOf(salt: string, unit: string): number {
  return sampleShadow({ salt, rate: 0, unit }).bucket;
}
