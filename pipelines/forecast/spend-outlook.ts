import type { DailyModel } from "../../models/forecast/daily-model.js";
import { forecastDays } from "../../models/forecast/forecast-days.js";
import { sampleQuantile } from "../../models/statistics/quantiles.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { DailySpend } from "./daily-spend.js";
import type { WholeDays } from "./whole-days.js";

/** Whole days that an interval needs, and how many times the log's length it may reach ahead. */
export const leastDaysForInterval = 10;
export const mostTimesAhead = 3;

/** Days ahead that are looked at. */
export const daysAhead = 365;

/** The coming days: place 0 as is, place 1 with the router. */
export interface SpendOutlook {
  /** Days since 1970-01-01 of the first day ahead. */
  firstDay: number;
  days: number;
  /** How the days are extrapolated; null when there are too few for more than their mean. */
  model: DailyModel | null;
  intervalDays: number;
  /** Expected sum over days ahead from (inclusive) to (exclusive). */
  expected: (place: number, from: number, to: number) => number;
  /** Possible sums, the same draws at both places; null where no interval can be given. */
  draws: (place: number, from: number, to: number) => Float64Array | null;
}

/** Look ahead from the whole days of a log, or from its mean pace where there are fewer than ten.
 * @returns null when the log is empty */
export function spendOutlook(
  spend: DailySpend,
  whole: WholeDays,
  options: { givenSlope: number | null; seed: number; horizon?: number },
): SpendOutlook | null {
  if (spend.billed.length === 0) return null;
  const days = whole.to - whole.from;
  if (days < leastDaysForInterval) return pace(spend, days, options.givenSlope ?? 0);
  const horizon = options.horizon ?? daysAhead;
  const firstDay = spend.firstDay + whole.from;
  const { model, expected, drawTotals } = forecastDays(
    [spend.billed.slice(whole.from, whole.to), spend.routed.slice(whole.from, whole.to)],
    { firstDay, horizon, givenSlope: options.givenSlope, seed: options.seed },
  );
  const intervalDays = mostTimesAhead * days;
  return {
    firstDay: spend.firstDay + whole.to,
    days,
    model,
    intervalDays,
    expected: (place, from, to) => expected[place]!.subarray(from, to).reduce((sum, usd) => sum + usd, 0),
    draws: (place, from, to) => (to <= intervalDays ? drawTotals(place, from, to) : null),
  };
}

/** The value with the middle 95 % of the draws around it; without draws the bounds are infinite. */
export function predictionInterval(value: number, draws: Float64Array | null): Interval {
  if (draws === null) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const sorted = draws.slice().sort();
  return {
    value,
    low: Math.min(value, sampleQuantile(sorted, 0.025)),
    high: Math.max(value, sampleQuantile(sorted, 0.975)),
  };
}

/** A short log's mean pace: everything that it holds over the time between its ends, at least a day. */
function pace(spend: DailySpend, days: number, slope: number): SpendOutlook {
  const elapsed = Math.max(1, (spend.to - spend.from) / 86_400e6);
  const rates = [spend.billed, spend.routed].map(
    (amounts) => amounts.reduce((sum, usd) => sum + usd, 0) / elapsed,
  );
  return {
    firstDay: spend.firstDay + spend.billed.length,
    days,
    model: null,
    intervalDays: 0,
    expected: (place, from, to) => {
      let sum = 0;
      for (let i = from; i < to; i++) sum += rates[place]! * Math.exp(slope * (i + 1));
      return sum;
    },
    draws: () => null,
  };
}
