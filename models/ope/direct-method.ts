import type { OpeRows, RewardForecast } from "./ope-rows.js";

/** Direct method: the reward model's forecast of each row under the target. As biased as the model, and its interval does not know it: for
 * comparison, never for a decision.
 * @see Dudik, Langford and Li 2011, Doubly Robust Policy Evaluation and Learning, sec. 2 */
export function directMethod({ target, reward }: OpeRows, forecast: RewardForecast): Float64Array {
  return reward.map((_, row) =>
    target.reduce((sum, chances, action) => sum + chances[row]! * forecast[action]![row]!, 0),
  );
}
