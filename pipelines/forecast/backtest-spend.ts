import type { ForecastBacktest } from "../../datasets/forecast-result.js";
import type { DailySpend } from "./daily-spend.js";
import { leastDaysForInterval, predictionInterval, spendOutlook } from "./spend-outlook.js";
import type { WholeDays } from "./whole-days.js";

/** Forecast the last third of the whole days from those before, and compare.
 * @returns null when fewer than ten days would be left to forecast from */
export function backtestSpend(spend: DailySpend, whole: WholeDays, seed: number): ForecastBacktest | null {
  const days = whole.to - whole.from;
  const held = Math.floor(days / 3);
  if (held < 1 || days - held < leastDaysForInterval) return null;
  const before = { ...whole, to: whole.to - held };
  const outlook = spendOutlook(spend, before, { givenSlope: null, seed, horizon: held })!;
  const interval = predictionInterval(outlook.expected(0, 0, held), outlook.draws(0, 0, held));
  const actual = spend.billed.subarray(whole.to - held, whole.to).reduce((sum, usd) => sum + usd, 0);
  return {
    trained_days: days - held,
    held_out_days: held,
    forecast_usd: {
      ...interval,
      method: "modelled: the last third of the days, forecast from those before; 95 % prediction interval",
      n: days - held,
    },
    actual_usd: actual,
    is_inside: actual >= interval.low && actual <= interval.high,
  };
}
