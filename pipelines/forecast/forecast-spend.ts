import type { ForecastModel, ForecastResult } from "../../datasets/forecast-result.js";
import type { Estimate } from "../../datasets/results.js";
import { studentQuantile } from "../../models/statistics/quantiles.js";
import type { ReplayedWorkspace } from "../replay/open-replay.js";
import { backtestSpend } from "./backtest-spend.js";
import { budgetAlarm } from "./budget-alarm.js";
import { type DailySpend, dailySpend } from "./daily-spend.js";
import { dayText } from "./day-text.js";
import { forecastHorizon } from "./forecast-horizon.js";
import { forecastNotes } from "./forecast-notes.js";
import { daysAhead, predictionInterval, type SpendOutlook, spendOutlook } from "./spend-outlook.js";
import { type WholeDays, wholeDays } from "./whole-days.js";

/** What a forecast may be told. */
export interface ForecastOptions {
  /** Growth of a month that is carried forward instead of the log's own, 0.1 = 10 % more; above -1. */
  growth?: number | null;
  /** USD that a month may cost. */
  budget?: number | null;
  /** USD that a month costs at least, by contract. */
  commit?: number | null;
  seed?: number;
}

const horizons = [30, 90, 365] as const;
const daysPerMonth = 365.25 / 12;

/** Forecast the spend of the next 30, 90 and 365 days, as it is and with the router, from the days of a replayed log. Daily spend is a level
 * by weekday times a growth, where the log is long enough to show them; intervals reach three times as far as the log. */
export function forecastSpend(
  { replay, manifest }: Pick<ReplayedWorkspace, "replay" | "manifest">,
  options: ForecastOptions = {},
): ForecastResult {
  const { growth = null, budget = null, commit = null, seed = 1 } = options;
  const spend = dailySpend(replay);
  const whole = wholeDays(spend);
  const givenSlope = growth === null ? null : Math.log1p(growth) / daysPerMonth;
  const outlook = spendOutlook(spend, whole, { givenSlope, seed });
  const hasRouter = spend.replayed.requests > 0;
  const days = whole.to - whole.from;
  const result = {
    schema_version: 1 as const,
    artifact_id: manifest.artifact_id,
    window: {
      from: days > 0 ? dayText(spend.firstDay + whole.from) : null,
      to: days > 0 ? dayText(spend.firstDay + whole.to - 1) : null,
      whole_days: days,
      partial_days: whole.partialDays,
      partial_usd: whole.partialUsd,
      empty_days: spend.attempts.subarray(whole.from, whole.to).filter((attempts) => attempts === 0).length,
    },
    model: modelOf(outlook, growth),
    given: {
      growth_per_month: growth,
      budget_usd_per_month: budget,
      commit_usd_per_month: commit,
      seed,
    },
    horizons:
      outlook === null
        ? []
        : horizons.map((horizon) => forecastHorizon(outlook, horizon, { hasRouter, commit })),
    budget: outlook === null ? null : budgetAlarm(outlook, budget, hasRouter),
    backtest: backtestSpend(spend, whole, seed),
    history: historyOf(spend, whole, hasRouter),
    daily: outlook === null ? [] : dailyOf(outlook, hasRouter),
    coverage: [
      { evidence: "replayed" as const, ...spend.replayed },
      { evidence: "measured" as const, ...spend.measured },
      { evidence: "unknown" as const, requests: spend.unknown, usd: 0 },
    ],
    is_simulated: manifest.training.is_simulated,
  };
  return { ...result, notes: forecastNotes(result) };
}

function modelOf(outlook: SpendOutlook | null, given: number | null): ForecastModel {
  const model = outlook?.model ?? null;
  const growth = model?.growth ?? null;
  return {
    has_weekdays: model?.hasWeekdays ?? false,
    growth:
      given !== null
        ? "given"
        : growth === null
          ? "too_few_days"
          : model!.isGrowthSupported
            ? "supported"
            : "not_supported",
    growth_per_month: growth === null ? null : growthEstimate(growth, outlook!.days),
    carried_per_month: given ?? perMonth(model?.carried ?? 0),
    carried_days: Math.min(daysAhead, given === null ? (model?.carriedDays ?? 0) : daysAhead),
    interval_days: outlook?.intervalDays ?? 0,
  };
}

function growthEstimate(growth: { slope: number; standardError: number }, days: number): Estimate {
  const half = studentQuantile(0.975, days - 8) * growth.standardError;
  return {
    value: perMonth(growth.slope),
    low: perMonth(growth.slope - half),
    high: perMonth(growth.slope + half),
    method:
      "measured: Poisson pseudo-likelihood of daily spend with a level for each weekday; 95 % interval robust to neighbouring days (Newey-West)",
    n: days,
  };
}

function perMonth(slope: number): number {
  return Math.expm1(slope * daysPerMonth);
}

/** Days of the log from two years ago on. */
function historyOf(spend: DailySpend, whole: WholeDays, hasRouter: boolean): ForecastResult["history"] {
  const first = Math.max(0, spend.billed.length - 731);
  return Array.from(spend.billed.subarray(first), (usd, i) => ({
    day: dayText(spend.firstDay + first + i),
    billed_usd: usd,
    routed_usd: hasRouter ? spend.routed[first + i]! : null,
    is_partial: first + i >= whole.to || (first + i < whole.from && first + i === 0),
  }));
}

const mostDailyAhead = 90;

function dailyOf(outlook: SpendOutlook, hasRouter: boolean): ForecastResult["daily"] {
  const days = Math.min(mostDailyAhead, outlook.intervalDays);
  const estimate = (place: number, day: number): Estimate => ({
    ...predictionInterval(outlook.expected(place, day, day + 1), outlook.draws(place, day, day + 1)),
    method: "modelled: spend of one day; 95 % prediction interval",
    n: outlook.days,
  });
  return Array.from({ length: days }, (_, day) => ({
    day: dayText(outlook.firstDay + day),
    billed_usd: estimate(0, day),
    routed_usd: hasRouter ? estimate(1, day) : null,
  }));
}
