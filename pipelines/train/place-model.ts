import type { Policy } from "@signalbox/runtime";
import { DataError } from "../../datasets/errors.js";
import { clusterRatio, clusterRatioInterval } from "../../models/statistics/cluster-ratio.js";
import { describeModel, leastCommonItems, type ModelFacts } from "./choose-models.js";
import type { NewModelRows } from "./new-model-rows.js";

/** Where a new model stands among those of a router. */
export interface ModelPlace {
  /** Its cost and quality are in the units of the others': the strong model's means at training times the ratio of the two on
   * the same items, since the items of a few labels may be dearer or harder than those that the router was trained on. */
  facts: ModelFacts;
  /** Place among the policy's models, which are in ascending cost. */
  rank: number;
  notes: string[];
}

type Rows = Pick<NewModelRows, "items" | "groups">;

/** Compare a new model with the router's models, each time on the items that both answered. Few labels are easily unlucky: a
 * model counts as dominated when even the upper 95 % bound of what it is better by is not above 0.
 * @param strongQuality mean quality of the strong model on the items that the router was trained on
 * @throws {DataError} if the model is dearer than the strong one, or dominated: dearer than another and not better */
export function placeModel(rows: Rows, model: string, policy: Policy, strongQuality: number): ModelPlace {
  const compare = (other: string) => compareModels(rows, model, other);
  const strong = compare(policy.strong_model)!;
  refuseDearer(strong);
  const notes: string[] = [];
  for (const { model: other } of policy.models) {
    const pair = other === policy.strong_model ? null : compare(other);
    if (pair === null) continue;
    const { ours, theirs, n } = pair;
    if (theirs.meanCostUsd <= ours.meanCostUsd && theirs.meanQuality >= ours.meanQuality) {
      const finding = `not cheaper and not better on the ${n} items that both answered (${figures(pair)})`;
      if (pair.mostGain <= 0)
        throw new DataError(`${model} is dominated by ${other}: ${finding}; it is not added`);
      notes.unshift(`${model} may be dominated by ${other}: ${finding}, but so few items leave that open`);
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
  const { ours, theirs } = strong;
  const facts = {
    ...ours,
    meanCostUsd: (ours.meanCostUsd / theirs.meanCostUsd) * trainedCost,
    meanQuality:
      theirs.meanQuality > 0
        ? Math.min(1, (ours.meanQuality / theirs.meanQuality) * strongQuality)
        : ours.meanQuality,
  };
  const dearer = policy.models.findIndex(({ mean_cost_usd: usd }) => (usd ?? 0) > facts.meanCostUsd);
  return { facts, rank: dearer === -1 ? policy.models.length - 1 : dearer, notes };
}

interface Pair {
  ours: ModelFacts;
  theirs: ModelFacts;
  n: number;
  /** Upper bound, one-sided 95 %, of the difference in quality. */
  mostGain: number;
}

/** Null when too few items were answered by both. */
function compareModels({ items, groups }: Rows, model: string, other: string): Pair | null {
  const places = [...items.keys()].filter((row) => items[row]!.outcomes.has(other));
  if (places.length < leastCommonItems) return null;
  const both = places.map((row) => items[row]!);
  const gain = clusterRatio(
    both.map(
      ({ outcomes, weight }) => weight * (outcomes.get(model)!.quality - outcomes.get(other)!.quality),
    ),
    both.map(({ weight }) => weight),
    places.map((row) => groups[row]!),
  );
  return {
    ours: describeModel(model, both),
    theirs: describeModel(other, both),
    n: both.length,
    mostGain: clusterRatioInterval(gain, 0.9).high,
  };
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
