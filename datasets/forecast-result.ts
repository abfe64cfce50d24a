import type { Estimate } from "./results.js";

/** results/forecast.json: what the next days will cost as things are, and with the router. Bounds are null where N days of log can't
 * carry an interval. */
export interface ForecastResult {
  schema_version: 1;
  artifact_id: string;
  /** Whole UTC days that the forecast rests on; days on which the log begins or ends count only when at most an hour of them is missing. */
  window: {
    from: string | null;
    to: string | null;
    whole_days: number;
    partial_days: number;
    /** Billed on the days that were left out for being partial. */
    partial_usd: number;
    /** Whole days without any attempt; they count as days that cost 0. */
    empty_days: number;
  };
  model: ForecastModel;
  /** What the user gave. */
  given: {
    growth_per_month: number | null;
    budget_usd_per_month: number | null;
    commit_usd_per_month: number | null;
    seed: number;
  };
  horizons: ForecastHorizon[];
  budget: BudgetAlarm | null;
  /** The last third of the days, forecast from those before; null when that leaves too few. */
  backtest: ForecastBacktest | null;
  /** Days as they were, partial ones marked; at most the last two years. */
  history: Array<{ day: string; billed_usd: number; routed_usd: number | null; is_partial: boolean }>;
  /** Days to come, as far as an interval can be given, at most 90. */
  daily: Array<{ day: string; billed_usd: Estimate; routed_usd: Estimate | null }>;
  /** Shares of attempts and known dollars that the router decided, that stay as billed, and that have no known price. */
  coverage: Array<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>;
  is_simulated: boolean;
  notes: string[];
}

/** How the days are extrapolated. */
export interface ForecastModel {
  has_weekdays: boolean;
  /** supported: in the log and carried forward; not_supported: looked for and not shown, so level; too_few_days: not looked for; given: by
   * the user. */
  growth: "supported" | "not_supported" | "too_few_days" | "given";
  /** Growth of a month in the log, 0.1 = 10 % more; null when it was not looked for. */
  growth_per_month: Estimate | null;
  /** Growth of a month that the forecast carries forward, and for how many days; level after that. */
  carried_per_month: number;
  carried_days: number;
  /** Days ahead up to which intervals are given. */
  interval_days: number;
}

/** Sums over so many days from the first day that the log doesn't hold whole. */
export interface ForecastHorizon {
  days: number;
  from: string;
  to: string;
  billed_usd: Estimate;
  /** With the router; null when the router decided nothing. */
  routed_usd: Estimate | null;
  saving_usd: Estimate | null;
  /** What is left of the saving when at least the commitment is paid each month; null without a commitment. */
  saving_after_commit_usd: Estimate | null;
  has_interval: boolean;
}

/** Whether 30 days cost more than the budget. */
export interface BudgetAlarm {
  usd_per_month: number;
  as_is: BudgetOutlook;
  with_router: BudgetOutlook | null;
}

export interface BudgetOutlook {
  expected_usd: number;
  /** Chance that the first 30 days cost more; null where there is no interval. */
  probability_over: number | null;
  /** Day on which what is expected passes the budget in the first 30 days; null when it doesn't. */
  passed_on: string | null;
  /** First day of the first of twelve 30-day months whose expected cost is above the budget; null when none is. */
  first_month_over: string | null;
}

/** A forecast of days that are known. */
export interface ForecastBacktest {
  trained_days: number;
  held_out_days: number;
  forecast_usd: Estimate;
  actual_usd: number;
  is_inside: boolean;
}
