import type { OpeEstimate, OpeResult } from "../../datasets/ope-result.js";
import { crossFitRewards } from "../../models/ope/cross-fit-rewards.js";
import { directMethod } from "../../models/ope/direct-method.js";
import { doublyRobust } from "../../models/ope/doubly-robust.js";
import { effectiveSampleSize } from "../../models/ope/effective-sample-size.js";
import { estimateValue } from "../../models/ope/estimate-value.js";
import { importanceWeights } from "../../models/ope/importance-weights.js";
import { ips } from "../../models/ope/ips.js";
import type { OpeRows, RewardForecast } from "../../models/ope/ope-rows.js";
import { snips } from "../../models/ope/snips.js";
import { switchDoublyRobust } from "../../models/ope/switch-doubly-robust.js";

/** What rows are evaluated with. */
export interface EstimateContext {
  features: Float64Array;
  width: number;
  seed: number;
}

/** Every estimator's word on the same rows, the one to go by first.
 * @returns the estimates, and the reward model's forecasts behind them */
export function estimateAll(
  rows: OpeRows,
  context: EstimateContext,
): { estimates: OpeEstimate[]; forecast: RewardForecast } {
  const forecast = crossFitRewards(rows, context);
  const row = (
    estimator: OpeEstimate["estimator"],
    values: Float64Array,
    how: string,
    isValid = true,
  ): OpeEstimate => ({ estimator, is_valid: isValid, ...estimateValue(values, rows, how) });
  return {
    forecast,
    estimates: [
      row("dr", doublyRobust(rows, forecast), "doubly robust, cross-fitted ridge"),
      row("snips", snips(rows), "self-normalised inverse propensity"),
      row("ips", ips(rows), "inverse propensity"),
      row(
        "switch_dr",
        switchDoublyRobust(rows, forecast, switchAt),
        `doubly robust up to a weight of ${switchAt}, reward model beyond`,
        false,
      ),
      row("dm", directMethod(rows, forecast), "reward model alone", false),
    ],
  };
}

/** The value under several clips of the weights: an estimate that moves with the clip hangs on a few rows. */
export function clippingTable(rows: OpeRows, forecast: RewardForecast): OpeResult["clipping"] {
  const weights = importanceWeights(rows);
  return clips.map((clip) => {
    const most = clip ?? Number.POSITIVE_INFINITY;
    const clipped = importanceWeights(rows, most);
    return {
      clip,
      clipped_rows: weights.filter((weight) => weight > most).length,
      ess: effectiveSampleSize(clipped),
      snips: estimateValue(snips(rows, most), rows, "SNIPS, clipped").value,
      dr: estimateValue(doublyRobust(rows, forecast, most), rows, "DR, clipped").value,
    };
  });
}

const switchAt = 10;
const clips = [2, 5, 10, 20, 50, null];
