import type { Policy } from "@signalbox/runtime";
import { DataError } from "../../datasets/errors.js";
import { describeModel, leastCommonItems, type ModelFacts } from "./choose-models.js";
import type { TrainingItem } from "./read-training-items.js";

/** Where a new model stands among those of a router. */
export interface ModelPlace {
  /** Its cost is in the units of the others': the strong model's mean cost at training times the ratio of the two on the same
   * items, since the items of a few labels may be cheaper or dearer than those that the router was trained on. */
  facts: ModelFacts;
  /** Place among the policy's models, which are in ascending cost. */
  rank: number;
  notes: string[];
}

/** Compare a new model with the router's models, each time on the items that both answered, as `train` does.
 * @throws {DataError} if the model is dearer than the strong one, or dominated: dearer than another and not better */
export function placeModel(items: readonly TrainingItem[], model: string, policy: Policy): ModelPlace {
  const compare = (other: string) => compareModels(items, model, other);
  const strong = compare(policy.strong_model)!;
  refuseDearer(strong);
  const notes: string[] = [];
  for (const { model: other } of policy.models) {
    const pair = other === policy.strong_model ? null : compare(other);
    if (pair === null) continue;
    const { ours, theirs, n } = pair;
    if (theirs.meanCostUsd <= ours.meanCostUsd && theirs.meanQuality >= ours.meanQuality) {
      throw new DataError(
        `${model} is dominated by ${other}: not cheaper and not better on the ${n} items that both answered ` +
          `(${figures(pair)}); it is not added`,
      );
    }
    if (ours.meanCostUsd <= theirs.meanCostUsd && ours.meanQuality >= theirs.meanQuality)
      notes.push(
        `${other} is dearer than ${model} and not better on ${n} items: train again to leave it out`,
      );
  }
  if (strong.ours.meanQuality >= strong.theirs.meanQuality) {
    notes.unshift(
      `${model} is cheaper than ${policy.strong_model} and at least as good on ${strong.n} items (${figures(strong)}): ` +
        `${policy.strong_model} stays the reference; with more labels, train again or use ${model} alone`,
    );
  }
  const trainedCost = policy.models.at(-1)!.mean_cost_usd ?? strong.theirs.meanCostUsd;
  const ratio = strong.ours.meanCostUsd / strong.theirs.meanCostUsd;
  const facts = { ...strong.ours, meanCostUsd: ratio * trainedCost };
  const dearer = policy.models.findIndex(({ mean_cost_usd: usd }) => (usd ?? 0) > facts.meanCostUsd);
  return { facts, rank: dearer === -1 ? policy.models.length - 1 : dearer, notes };
}

interface Pair {
  ours: ModelFacts;
  theirs: ModelFacts;
  n: number;
}

/** Null when too few items were answered by both. */
function compareModels(items: readonly TrainingItem[], model: string, other: string): Pair | null {
  const both = items.filter(({ outcomes }) => outcomes.has(other));
  if (both.length < leastCommonItems) return null;
  return { ours: describeModel(model, both), theirs: describeModel(other, both), n: both.length };
}

function refuseDearer(pair: Pair): void {
  const { ours, theirs, n } = pair;
  if (ours.meanCostUsd < theirs.meanCostUsd) return;
  const isBetter = ours.meanQuality > theirs.meanQuality;
  throw new DataError(
    `${ours.model} is not cheaper than ${theirs.model}, and ${isBetter ? "better" : "not better"} on the ${n} items that both ` +
      `answered (${figures(pair)}); ${
        isBetter
          ? `to make it the reference, train again: signalbox train --strong ${ours.model}`
          : "it is not added"
      }`,
  );
}

function figures({ ours, theirs }: Pair): string {
  const text = (facts: ModelFacts) => `quality ${facts.meanQuality.toFixed(3)} at $${facts.meanCostUsd}`;
  return `${text(ours)} against ${text(theirs)}`;
}
