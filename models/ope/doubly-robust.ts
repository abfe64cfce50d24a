import { directMethod } from "./direct-method.js";
import { importanceWeights } from "./importance-weights.js";
import type { OpeRows, RewardForecast } from "./ope-rows.js";

/** Doubly robust: the reward model's forecast, corrected by the weighted error on what was logged. Unbiased with right propensities whatever
 * the model, if that was cross-fitted; the better the model, the steadier.
 * @param clip largest weight; clipped, the estimate leans on the model where weights are large
 * @see Dudik, Langford and Li 2011, Doubly Robust Policy Evaluation and Learning; Chernozhukov et al. 2018 on cross-fitting */
export function doublyRobust(rows: OpeRows, forecast: RewardForecast, clip?: number): Float64Array {
  const weights = importanceWeights(rows, clip);
  return directMethod(rows, forecast).map(
    (value, row) => value + weights[row]! * (rows.reward[row]! - forecast[rows.action[row]!]![row]!),
  );
}
