import { directMethod } from "./direct-method.js";
import { importanceWeights } from "./importance-weights.js";
import type { OpeRows, RewardForecast } from "./ope-rows.js";

/** Switch-DR: {@link doublyRobust} where the weight is at most `most`, the reward model alone elsewhere.
 * @param most largest weight that is trusted
 * @see Wang, Agarwal and Dudik 2017, Optimal and Adaptive Off-policy Evaluation in Contextual Bandits */
export function switchDoublyRobust(rows: OpeRows, forecast: RewardForecast, most: number): Float64Array {
  const weights = importanceWeights(rows);
  return directMethod(rows, forecast).map((value, row) => {
    const weight = weights[row]!;
    return weight > most ? value : value + weight * (rows.reward[row]! - forecast[rows.action[row]!]![row]!);
  });
}
