import type { Random } from "../../datasets/random.js";
import { crossFitRewards } from "../../models/ope/cross-fit-rewards.js";
import { directMethod } from "../../models/ope/direct-method.js";
import { doublyRobust } from "../../models/ope/doubly-robust.js";
import { estimateValue, type ValueEstimate } from "../../models/ope/estimate-value.js";
import { ips } from "../../models/ope/ips.js";
import type { OpeRows } from "../../models/ope/ope-rows.js";
import { snips } from "../../models/ope/snips.js";

/** Prompts with both models' outcomes: 0 = weak, 1 = strong. */
export interface KnownOutcomes {
  quality: [Float64Array, Float64Array];
  /** Model that the log chooses when it does not explore, and that the target chooses. */
  logged: Int32Array;
  target: Int32Array;
  /** (rows, width), standardised. */
  features: Float64Array;
  width: number;
}

/** What each estimator says of one simulated log; naive = the mean of the rows on which log and target agree. */
export type ReplayEstimates = Record<
  "naive" | "dm" | "ips" | "snips" | "dr",
  ValueEstimate | { value: number }
>;

/** Draw a log: with chance epsilon one of the two models at random, else the logging policy's; then estimate the target's value from it.
 * @param chosen rows that the log holds, repeats allowed */
export function replayLogging(
  outcomes: KnownOutcomes,
  { chosen, epsilon, random, seed }: { chosen: Int32Array; epsilon: number; random: Random; seed: number },
): ReplayEstimates {
  const rows = drawLog(outcomes, chosen, { epsilon, random });
  const { features, width } = outcomes;
  const own = new Float64Array(chosen.length * width);
  chosen.forEach((row, at) => {
    own.set(features.subarray(row * width, (row + 1) * width), at * width);
  });
  const forecast = crossFitRewards(rows, { features: own, width, seed });
  const agreed = [...rows.reward].filter((_, at) => rows.target[rows.action[at]!]![at] === 1);
  return {
    naive: { value: agreed.reduce((sum, reward) => sum + reward, 0) / agreed.length },
    dm: estimateValue(directMethod(rows, forecast), rows, "DM"),
    ips: estimateValue(ips(rows), rows, "IPS"),
    snips: estimateValue(snips(rows), rows, "SNIPS"),
    dr: estimateValue(doublyRobust(rows, forecast), rows, "DR"),
  };
}

function drawLog(
  { quality, logged, target }: KnownOutcomes,
  chosen: Int32Array,
  { epsilon, random }: { epsilon: number; random: Random },
): OpeRows {
  const action = chosen.map((row) => (random.uniform() < epsilon ? random.below(2) : logged[row]!));
  return {
    action,
    propensity: Float64Array.from(chosen, (row, at) =>
      action[at] === logged[row] ? 1 - epsilon / 2 : epsilon / 2,
    ),
    reward: Float64Array.from(chosen, (row, at) => quality[action[at]!]![row]!),
    target: [0, 1].map((model) => Float64Array.from(chosen, (row) => Number(target[row] === model))),
    // A prompt that was drawn twice is one cluster only in the data it came from; as draws they are independent.
    clusters: chosen.map((_, at) => at),
  };
}
