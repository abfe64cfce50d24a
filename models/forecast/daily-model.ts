import { studentQuantile } from "../statistics/quantiles.js";
import { fitGrowth, type GroupedDays, groupLevels, growthError } from "./growth.js";

/** Whole days that weekdays can be told apart on: two of each. */
const leastDaysForWeekdays = 14;
/** Whole days that growth is looked for on: below it a test of it says yes too often. */
export const leastDaysForGrowth = 28;
/** Growth is carried forward for as many days as were seen, and at most for so many. */
const mostCarriedDays = 90;
/** Growth that is carried forward ends at so many times the level, or at that part of it. */
export const mostCarriedTimes = 8;

/** Daily amounts of several series as levels by weekday times a growth that they share. */
export interface LevelsAndGrowth {
  hasWeekdays: boolean;
  /** Per day: the growth that the levels were fitted with, and the one that is carried forward. */
  slope: number;
  carried: number;
  carriedDays: number;
  /** Largest logarithm that carrying comes to. */
  carriedMost: number;
  /** Levels on the last day, by series, then by weekday. */
  levels: Float64Array[];
}

/** The same, and what a test says of the growth. */
export interface DailyModel extends LevelsAndGrowth {
  /** As estimated on the first series; null below 28 days. */
  growth: { slope: number; standardError: number } | null;
  isGrowthSupported: boolean;
}

/** What the model is told. */
export interface DailyOptions {
  /** Days since 1970-01-01 of the first amount. */
  firstDay: number;
  /** Slope to carry forward instead of the estimated one, for as long as is asked; null without. */
  givenSlope: number | null;
}

/** Fit the daily model. Growth counts only where a two-sided 5 % test on the first series shows it; else the days are taken as level.
 * @param series of equal length; the first decides about growth */
export function fitDaily(series: readonly Float64Array[], options: DailyOptions): DailyModel {
  const days = series[0]!.length;
  const grouped = groupDays(series[0]!, options.firstDay);
  const growth = days >= leastDaysForGrowth ? testedGrowth(grouped) : null;
  return {
    ...modelWith(series, options, growth?.isSupported ? growth.slope : 0),
    growth,
    isGrowthSupported: growth?.isSupported ?? false,
  };
}

/** The same with the growth as estimated, shown or not, also on fewer days than a test needs: an interval has to hold it. */
export function fitGrowing(
  series: readonly Float64Array[],
  options: DailyOptions,
  start = 0,
): LevelsAndGrowth {
  return modelWith(series, options, fitGrowth(groupDays(series[0]!, options.firstDay), start));
}

function testedGrowth(days: GroupedDays): { slope: number; standardError: number; isSupported: boolean } {
  const slope = fitGrowth(days);
  const standardError = growthError(days, slope);
  const critical = studentQuantile(0.975, Math.max(1, days.amounts.length - days.groups - 1));
  return { slope, standardError, isSupported: Math.abs(slope) > standardError * critical };
}

function modelWith(
  series: readonly Float64Array[],
  { firstDay, givenSlope }: DailyOptions,
  slope: number,
): LevelsAndGrowth {
  const days = series[0]!.length;
  return {
    hasWeekdays: days >= leastDaysForWeekdays,
    slope,
    carried: givenSlope ?? slope,
    carriedDays: givenSlope === null ? Math.min(days, mostCarriedDays) : Number.POSITIVE_INFINITY,
    carriedMost: givenSlope === null ? Math.log(mostCarriedTimes) : Number.POSITIVE_INFINITY,
    levels: series.map((amounts) => groupLevels(groupDays(amounts, firstDay), slope)),
  };
}

function groupDays(amounts: Float64Array, firstDay: number): GroupedDays {
  const hasWeekdays = amounts.length >= leastDaysForWeekdays;
  const groupOf = new Uint8Array(amounts.length);
  if (hasWeekdays) for (let t = 0; t < amounts.length; t++) groupOf[t] = weekdayOf(firstDay + t);
  return { amounts, groupOf, groups: hasWeekdays ? 7 : 1 };
}

/** Expected amounts of the days after the last one.
 * @param lastDay days since 1970-01-01 of the last fitted day
 * @returns one amount per day, of one series */
export function expectedDays(
  model: LevelsAndGrowth,
  place: number,
  lastDay: number,
  horizon: number,
): Float64Array {
  const levels = model.levels[place]!;
  return Float64Array.from({ length: horizon }, (_, i) => {
    const level = levels[model.hasWeekdays ? weekdayOf(lastDay + 1 + i) : 0]!;
    const growth = model.carried * Math.min(i + 1, model.carriedDays);
    return level * Math.exp(Math.max(-model.carriedMost, Math.min(model.carriedMost, growth)));
  });
}

/** Expected amounts of the days that the model was fitted to. */
export function fittedDays(
  model: LevelsAndGrowth,
  place: number,
  firstDay: number,
  days: number,
): Float64Array {
  const levels = model.levels[place]!;
  return Float64Array.from({ length: days }, (_, t) => {
    const level = levels[model.hasWeekdays ? weekdayOf(firstDay + t) : 0]!;
    return level * Math.exp(model.slope * (t - days + 1));
  });
}

/** Day of the week of a day since 1970-01-01, 0 = Monday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
