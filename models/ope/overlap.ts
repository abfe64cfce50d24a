import { importanceWeights } from "./importance-weights.js";
import type { OpeRows } from "./ope-rows.js";

/** How much of what the target does the log could have shown. */
export interface Overlap {
  /** Share of rows on which the log's choice was random at all. */
  random_share: number;
  /** Share of the target's choices that could not have been logged: another model on a row whose propensity is 1, or a model that no random
   * row ever chose. No estimator knows anything about them. */
  unsupported_share: number;
  /** Share of the rows that the target agrees with whose propensity is below 0.01: each of them counts a hundredfold. */
  tiny_share: number;
  /** Largest weight, and the mean, which is 1 but for chance where everything is supported. */
  largest_weight: number;
  mean_weight: number;
}

/** Measure the overlap. What chances the log gave to models that it did not choose is not logged: on a random row every model counts as
 * possible that some random row chose, which is the most that can be hoped for. */
export function overlap(rows: OpeRows): Overlap {
  const { action, propensity, target } = rows;
  const n = action.length;
  const isRandom = (row: number) => propensity[row]! < certain;
  const explored = new Set<number>();
  action.forEach((chosen, row) => {
    if (isRandom(row)) explored.add(chosen);
  });
  let [random, unsupported, tiny, agreed] = [0, 0, 0, 0];
  for (let row = 0; row < n; row++) {
    const chosen = action[row]!;
    random += Number(isRandom(row));
    target.forEach((chances, model) => {
      const isPossible = model === chosen || (isRandom(row) && explored.has(model));
      if (!isPossible) unsupported += chances[row]!;
    });
    if (target[chosen]![row]! > 0) {
      agreed += 1;
      tiny += Number(propensity[row]! < 0.01);
    }
  }
  const weights = importanceWeights(rows);
  return {
    random_share: random / n,
    unsupported_share: unsupported / n,
    tiny_share: agreed === 0 ? 0 : tiny / agreed,
    largest_weight: weights.reduce((most, weight) => Math.max(most, weight), 0),
    mean_weight: weights.reduce((sum, weight) => sum + weight, 0) / n,
  };
}

/** Propensities from here on are certainty, written with a rounding error. */
const certain = 1 - 1e-9;
