import type { ActionsResult } from "../../datasets/actions-result.js";
import type { DriftResult } from "../../datasets/drift-result.js";
import type { ForecastResult } from "../../datasets/forecast-result.js";
import type { OpeEstimate, OpeResult } from "../../datasets/ope-result.js";
import type { PricedPlan, PricingResult } from "../../datasets/pricing-result.js";
import type { Estimate } from "../../datasets/results.js";

function estimate(value: number, half: number, method = "modelled: test", n = 30): Estimate {
  return { value, low: value - half, high: value + half, method, n };
}

const day = (i: number) => new Date(Date.UTC(2025, 5, 1 + i)).toISOString().slice(0, 10);

/** A month of log, its forecast, a budget that is passed. */
export function forecastDocument(): ForecastResult {
  const horizon = (days: number, hasInterval: boolean): ForecastResult["horizons"][number] => ({
    days,
    from: day(30),
    to: day(29 + days),
    billed_usd: estimate(613 * days, hasInterval ? 90 * days : 0, "modelled: daily spend extrapolated"),
    routed_usd: estimate(402 * days, hasInterval ? 60 * days : 0, "modelled: daily spend extrapolated"),
    saving_usd: estimate(211 * days, hasInterval ? 30 * days : 0, "modelled: daily spend extrapolated"),
    saving_after_commit_usd: estimate(113 * days, hasInterval ? 30 * days : 0, "modelled: extrapolated"),
    has_interval: hasInterval,
  });
  return {
    schema_version: 1,
    artifact_id: "20250701-0a1b2c3d",
    window: {
      from: day(0),
      to: day(29),
      whole_days: 30,
      partial_days: 0,
      partial_usd: 0,
      empty_days: 0,
    },
    model: {
      has_weekdays: true,
      growth: "not_supported",
      growth_per_month: estimate(0.04, 0.11, "measured: test"),
      carried_per_month: 0,
      carried_days: 30,
      interval_days: 90,
    },
    given: { growth_per_month: null, budget_usd_per_month: 15_000, commit_usd_per_month: 9_000, seed: 1 },
    horizons: [horizon(30, true), horizon(90, true), horizon(365, false)],
    budget: {
      usd_per_month: 15_000,
      as_is: {
        expected_usd: 18_390,
        probability_over: 0.93,
        passed_on: day(54),
        first_month_over: day(30),
      },
      with_router: {
        expected_usd: 12_060,
        probability_over: 0.04,
        passed_on: null,
        first_month_over: null,
      },
    },
    backtest: {
      trained_days: 20,
      held_out_days: 10,
      forecast_usd: estimate(6_100, 900),
      actual_usd: 6_420,
      is_inside: true,
    },
    history: Array.from({ length: 30 }, (_, i) => ({
      day: day(i),
      billed_usd: i % 7 > 4 ? 260 : 750 + 20 * (i % 5),
      routed_usd: i % 7 > 4 ? 170 : 490 + 15 * (i % 5),
      is_partial: i === 0,
    })),
    daily: Array.from({ length: 60 }, (_, i) => ({
      day: day(30 + i),
      billed_usd: estimate((30 + i) % 7 > 4 ? 260 : 790, 120),
      routed_usd: estimate((30 + i) % 7 > 4 ? 170 : 520, 80),
    })),
    coverage: [
      { evidence: "replayed", requests: 40_000, usd: 12_000 },
      { evidence: "measured", requests: 19_274, usd: 6_412.37 },
      { evidence: "unknown", requests: 1_930, usd: 0 },
    ],
    is_simulated: false,
    notes: ["Growth is not shown at the 5 % level, so the values take the spend as level."],
  };
}

/** Three actions: shown, an upper bound, unknown. */
export function actionsDocument(): ActionsResult {
  const action = (
    rank: number,
    given: Pick<ActionsResult["actions"][number], "action" | "title" | "usd_per_month" | "standing">,
  ): ActionsResult["actions"][number] => ({
    rank,
    detail: "What the documents say.",
    usd_per_week: given.usd_per_month === null ? null : given.usd_per_month.value / 4.348,
    evidence: given.usd_per_month === null ? "unknown" : "modelled",
    sources: ["levers"],
    effort: "days",
    effort_reason: "A call in your code.",
    usd_per_month_per_day: given.usd_per_month === null ? null : given.usd_per_month.value / 3,
    risk: "needs_shadow_test",
    risk_reason: "Other models answer.",
    overlaps: rank === 1 ? [{ action: "batch", usd_per_month: 120 }] : [],
    first_step: { text: "Export the router.", language: "sh", code: "signalbox export --workspace DIR" },
    check: {
      text: "Compare.",
      language: "yaml",
      code: "litellm_settings:\n  cache: true",
    },
    ...given,
  });
  return {
    schema_version: 1,
    based_on: "levers",
    days: 30,
    actions: [
      action(1, {
        action: "router",
        title: "Let the trained router choose the model",
        usd_per_month: estimate(6_400, 900),
        standing: "shown",
      }),
      action(2, {
        action: "batch",
        title: "Send what nobody waits for through the batch API",
        usd_per_month: estimate(900, 0),
        standing: "up_to",
      }),
      action(3, {
        action: "unpriced",
        title: "Give a price to the calls that have none",
        usd_per_month: null,
        standing: "unknown",
      }),
    ],
    left_out: [{ action: "cascade", title: "Ask a cheap model first", why: "it would cost $20.00 a month" }],
    is_simulated: false,
    notes: ["Ranked by dollars of a month for a person-day of effort."],
  };
}

/** A population that shifted, one alarm raised. */
export function driftDocument(): DriftResult {
  const column = (name: string, psi: number, verdict: DriftResult["columns"][number]["verdict"]) => ({
    column: name,
    kind: "population" as const,
    psi,
    js: psi / 4,
    p_value: 0.001,
    p_adjusted: 0.004,
    verdict,
    bins: [{ bin: "code", before: 0.1, since: 0.31 }],
  });
  return {
    schema_version: 1,
    since: "2025-06-20",
    artifact_id: "20250701-0a1b2c3d",
    requests: { before: 40_000, since: 21_204, compared_before: 5_000, compared_since: 5_000 },
    retrain_advised: true,
    reasons: [{ code: "population_shift", advises_retrain: true, evidence: "app shifted: PSI 0.41." }],
    columns: [
      column("app", 0.41, "shifted"),
      column("language", 0.14, "moved"),
      column("length", 0.02, "stable"),
    ],
    outcomes: [
      {
        outcome: "errors",
        before: 0.02,
        since: 0.05,
        difference: estimate(0.03, 0.01),
        p_value: 0.001,
        p_adjusted: 0.005,
      },
    ],
    alarms: [
      {
        event: "insufficient answers",
        allowed: 0.05,
        checked: 400,
        evidence: 31,
        alarm_at: 20,
        is_raised: true,
      },
    ],
    prices: [
      {
        model: "gpt-4o",
        input_usd_per_mtok: { before: 5, now: 2.5 },
        output_usd_per_mtok: { before: 15, now: null },
      },
    ],
    models: [
      {
        change: "alias_moved",
        model: "gpt-4o",
        served_before: ["gpt-4o-2024-05-13"],
        served_since: ["gpt-4o-2024-08-06"],
        requests_before: 300,
        requests_since: 200,
        is_in_policy: true,
      },
    ],
    tests: 12,
    thresholds: { moved_psi: 0.1, shifted_psi: 0.25, adjusted_p: 0.05, least_change: 0.02 },
    notes: ["Shuffled 999 times."],
  };
}

/** A stricter policy on a log that explored. */
export function opeDocument(): OpeResult {
  const row = (estimator: OpeEstimate["estimator"], isValid: boolean): OpeEstimate => ({
    estimator,
    is_valid: isValid,
    value: estimate(0.81, 0.03, "measured: test"),
    difference: estimate(0.02, 0.01, "measured: test"),
  });
  return {
    schema_version: 1,
    target: "stricter.jsonl",
    records: 5_000,
    used: 4_800,
    excluded: [{ reason: "no reward", records: 200 }],
    models: [{ model: "gpt-4o", logged_share: 0.6, target_share: 0.4 }],
    overlap: {
      ess: 2_210.4,
      random_share: 0.2,
      unsupported_share: 0,
      tiny_share: 0,
      largest_weight: 12.5,
      mean_weight: estimate(1.01, 0.04),
    },
    logged: estimate(0.79, 0.02, "measured: test"),
    value: [row("ips", true), row("snips", true), row("dr", true), row("dm", false)],
    cost_usd: [row("dr", true)],
    cost_rows: 4_000,
    clipping: [
      { clip: 10, clipped_rows: 3, ess: 2_400, snips: estimate(0.8, 0.03), dr: estimate(0.81, 0.02) },
    ],
    notes: ["Propensities are taken as logged."],
  };
}

/** A fee per call beside the bill. */
export function pricingDocument(): PricingResult {
  const figures = (usd: number) => ({
    usd_per_month: estimate(usd, usd / 10),
    usd_per_call: estimate(usd / 60_000, usd / 600_000),
    usd_per_mtok: null,
    usd_per_success: estimate(usd / 58_000, usd / 580_000),
  });
  const plan: PricedPlan = {
    ...figures(12_000),
    plan: "flat fee",
    terms: "$0.20 a call",
    change: estimate(-0.35, 0.05),
    parts: [{ part: "fees", usd: 12_000 }],
    unserved_calls: 0,
    incidence: {
      payers: 100,
      deciles: Array.from({ length: 10 }, (_, i) => ({
        payers: 10,
        calls: 600,
        now_usd: 40 * (i + 1),
        plan_usd: 120,
        change: 120 / (40 * (i + 1)) - 1,
        pay_more: i < 3 ? 10 : 0,
        pay_less: i < 3 ? 0 : 10,
      })),
      pay_more: 30,
      pay_less: 70,
      gini: 0.1,
      top_tenth_share: 0.15,
    },
  };
  return {
    schema_version: 1,
    plans: { path: "plans.json", sha256: "0".repeat(64) },
    window: { from: "2025-06-01", to: "2025-06-30", days: 30, month_days: 30.4375, factor: 1.0146 },
    traffic: {
      requests: 59_274,
      calls_per_month: 60_139,
      successes_per_month: 58_000,
      tokens_per_call: 4_100,
      clusters: 100,
      payers: 100,
      payer_field: "user_hash",
    },
    now: { ...figures(18_412), incidence: { gini: 0.6, top_tenth_share: 0.5 } },
    priced: [plan],
    break_evens: [
      {
        first: "as billed",
        second: "flat fee",
        tokens_per_call: {
          input_only: 20_000,
          output_only: 5_000,
          own_mix: 9_000,
          cheaper_above: "flat fee",
        },
        volume: {
          crossings: [],
          is_proportional: true,
          says: "Volume changes nothing: both are proportional.",
        },
      },
    ],
    coverage: [
      { evidence: "measured", requests: 59_274, usd: 18_412.37, note: "priced under every plan" },
      { evidence: "unknown", requests: 1_930, usd: 0, note: "no known price" },
    ],
    measured_share: 1,
    notes: ["Nobody is taken to call more or less."],
  };
}
