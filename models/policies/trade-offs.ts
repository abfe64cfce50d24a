import type { Forecast } from "./policy.js";

/** A router's choices at one price of money. */
interface TradeOff {
  /** Quality given up per USD saved; Infinity = always the cheapest model. */
  qualityPerUsd: number;
  /** Model of each request. */
  chosen: Int32Array;
}

/** Route by expected quality minus the price of money times expected cost, for prices from infinite to zero: the settings of a
 * router between many models. Settings that choose alike are given once.
 * @param forecast expected quality, (models)(rows)
 * @param meanUsd expected cost of each model, USD a request
 * @see Somerstep et al. 2025, CARROT: A Cost Aware Rate Optimal Router, arXiv 2502.03261 */
export function tradeOffs(forecast: Forecast, meanUsd: ArrayLike<number>): TradeOff[] {
  const spread = Math.max(...Array.from(meanUsd)) - Math.min(...Array.from(meanUsd));
  const prices = [Number.POSITIVE_INFINITY, ...priceGrid.map((price) => price / spread), 0];
  const settings: TradeOff[] = [];
  for (const qualityPerUsd of prices) {
    const chosen = chooseModels(forecast, meanUsd, qualityPerUsd);
    const last = settings.at(-1)?.chosen;
    if (!last?.every((model, row) => model === chosen[row])) settings.push({ qualityPerUsd, chosen });
  }
  return settings;
}

/** Prices of the whole spread of costs, in units of quality: 1,000 down to 0.001 in equal ratios. */
const priceGrid = Array.from({ length: 160 }, (_, i) => 1000 * 10 ** ((-6 * i) / 159));

/** Model with the highest forecast minus `qualityPerUsd` times its cost, for each request; of equals the cheapest. */
export function chooseModels(
  forecast: Forecast,
  meanUsd: ArrayLike<number>,
  qualityPerUsd: number,
): Int32Array {
  const byCost = [...forecast.keys()].sort((a, b) => meanUsd[a]! - meanUsd[b]! || a - b);
  return Int32Array.from(forecast[0]!, (_, row) => {
    let best = byCost[0]!;
    if (qualityPerUsd === Number.POSITIVE_INFINITY) return best;
    for (const model of byCost) {
      const gain = forecast[model]![row]! - forecast[best]![row]!;
      if (gain > qualityPerUsd * (meanUsd[model]! - meanUsd[best]!)) best = model;
    }
    return best;
  });
}
