import type { OpeRows } from "./ope-rows.js";

/** Weight of each row: chance of its model under the target over that under the log; its mean is 1 where the log could have shown all that
 * the target does.
 * @param clip largest weight; default none. Clipping trades bias for variance, and the bias has no bound in general */
export function importanceWeights(
  { action, propensity, target }: Pick<OpeRows, "action" | "propensity" | "target">,
  clip = Number.POSITIVE_INFINITY,
): Float64Array {
  return Float64Array.from(action, (chosen, row) => Math.min(clip, target[chosen]![row]! / propensity[row]!));
}
