import type { ForecastHorizon } from "../../datasets/forecast-result.js";
import type { Estimate } from "../../datasets/results.js";
import { dayText } from "./day-text.js";
import { predictionInterval, type SpendOutlook } from "./spend-outlook.js";

const method =
  "modelled: daily spend extrapolated; 95 % prediction interval by resampling blocks of days, the error of levels and growth included";
const beyond = (days: number) =>
  `modelled: daily spend extrapolated; beyond what ${days} days of log can say`;

/** Sum the coming days over a horizon: as is, with the router, and what the router saves, with and without a commitment.
 * @param options.hasRouter whether the router decided anything
 * @param options.commit USD a month that are paid at least; null without */
export function forecastHorizon(
  outlook: SpendOutlook,
  horizon: number,
  options: { hasRouter: boolean; commit: number | null },
): ForecastHorizon {
  const { hasRouter, commit } = options;
  const how = horizon <= outlook.intervalDays ? method : beyond(outlook.days);
  const estimate = (value: number, draws: Float64Array | null): Estimate => ({
    ...predictionInterval(value, draws),
    method: how,
    n: outlook.days,
  });
  const spendOf = (place: number) => ({
    value: outlook.expected(place, 0, horizon),
    draws: outlook.draws(place, 0, horizon),
  });
  const [billed, routed] = [spendOf(0), spendOf(1)];
  return {
    days: horizon,
    from: dayText(outlook.firstDay),
    to: dayText(outlook.firstDay + horizon - 1),
    billed_usd: estimate(billed.value, billed.draws),
    routed_usd: hasRouter ? estimate(routed.value, routed.draws) : null,
    saving_usd: hasRouter
      ? estimate(billed.value - routed.value, difference(billed.draws, routed.draws))
      : null,
    saving_after_commit_usd:
      hasRouter && commit !== null ? savingAfter(outlook, horizon, commit, estimate) : null,
    has_interval: billed.draws !== null,
  };
}

/** What is saved when a month costs at least the commitment: max(commit, as is) - max(commit, routed), by months of 30 days, the last one with
 * its part of the commitment. */
function savingAfter(
  outlook: SpendOutlook,
  horizon: number,
  commit: number,
  estimate: (value: number, draws: Float64Array | null) => Estimate,
): Estimate {
  let value = 0;
  let draws: Float64Array | null = null;
  for (let from = 0; from < horizon; from += month) {
    const to = Math.min(horizon, from + month);
    const paid = (usd: number) => Math.max((commit * (to - from)) / daysOfMonth, usd);
    value += paid(outlook.expected(0, from, to)) - paid(outlook.expected(1, from, to));
    const billed = outlook.draws(0, 0, horizon) && outlook.draws(0, from, to);
    const routed = outlook.draws(1, from, to);
    if (billed === null || routed === null) continue;
    draws ??= new Float64Array(billed.length);
    for (let i = 0; i < draws.length; i++) draws[i]! += paid(billed[i]!) - paid(routed[i]!);
  }
  return estimate(value, draws);
}

const month = 30;
/** Mean days of a calendar month. */
const daysOfMonth = 365.25 / 12;

function difference(left: Float64Array | null, right: Float64Array | null): Float64Array | null {
  return left === null || right === null ? null : left.map((usd, i) => usd - right[i]!);
}
