import type { ForecastResult } from "../../datasets/forecast-result.js";
import { leastDaysForGrowth, mostCarriedTimes } from "../../models/forecast/daily-model.js";
import { leastDaysForInterval, mostTimesAhead } from "./spend-outlook.js";

/** What a reader has to know about a forecast, in sentences. */
export function forecastNotes(result: Omit<ForecastResult, "notes">): string[] {
  const { window, model, coverage, horizons, given } = result;
  const days = window.whole_days;
  const unknown = coverage.find(({ evidence }) => evidence === "unknown")!.requests;
  const isReplayed = coverage.some(({ evidence, requests }) => evidence === "replayed" && requests > 0);
  return [
    horizons.length === 0 && "The log holds no attempt with a time, so there is nothing to forecast from.",
    horizons.length > 0 &&
      !isReplayed &&
      "The router decided no attempt of this log, so what it would save is unknown.",
    window.partial_days > 0 &&
      days >= leastDaysForInterval &&
      `${window.partial_days} day${window.partial_days === 1 ? "" : "s"} on which the log begins or ends inside the day are left out.`,
    horizons.length > 0 &&
      days < leastDaysForInterval &&
      `The log holds ${days} whole days: its mean pace is carried forward, and no interval can be given before there are ${leastDaysForInterval}.`,
    days >= leastDaysForInterval &&
      horizons.some(({ has_interval }) => !has_interval) &&
      `Sums over more than ${model.interval_days} days have no interval: they are beyond what ${days} days of log can say (${mostTimesAhead} times as far as it reaches back).`,
    model.growth === "too_few_days" &&
      days >= leastDaysForInterval &&
      `Growth is not tested in fewer than ${leastDaysForGrowth} whole days, so the values take the spend as level; the intervals allow for the growth that the days hint at.`,
    model.growth === "not_supported" &&
      "Growth is not shown at the 5 % level, so the values take the spend as level; the intervals allow for the growth that may have been missed.",
    model.growth === "supported" &&
      `Growth is carried forward for ${model.carried_days} days, to at most ${mostCarriedTimes} times the level, then the spend stays level; should it go on, the spend leaves the interval.`,
    model.growth === "given" && "The growth is yours, not the log's: the intervals don't contain its error.",
    window.empty_days > 0 &&
      `${window.empty_days} days inside the log hold no attempt; they count as days that cost nothing.`,
    unknown > 0 && `${unknown} attempts have no known price; they are in no sum, so the spend is higher.`,
    given.commit_usd_per_month !== null &&
      "A commitment is taken by months of 30 days: what falls below it is paid all the same, and saves nothing.",
    isReplayed &&
      "The router's part of each day is taken to be what it was in the log; new prices, new models and other traffic are in no interval.",
  ].filter((text) => text !== false);
}
