import type { Estimate } from "@signalbox/runtime";
import type { Evidence } from "./results.js";

/** What traffic costs in a month, with intervals over payers; null where there is nothing to divide by. */
export interface PlanFigures {
  usd_per_month: Estimate;
  usd_per_call: Estimate | null;
  usd_per_mtok: Estimate | null;
  /** Per request that ended with an answer, however many attempts it took. */
  usd_per_success: Estimate | null;
}

/** Who pays more and who less under a plan, each payer's share of what is charged to the account included. USD a month. */
export interface PlanIncidence {
  payers: number;
  /** Groups of payers of equal number, from those who pay least now to those who pay most; fewer than ten for fewer payers. */
  deciles: Array<{
    payers: number;
    calls: number;
    now_usd: number;
    plan_usd: number;
    /** Share by which the group's payment changes; null when it pays nothing now. */
    change: number | null;
    pay_more: number;
    pay_less: number;
  }>;
  pay_more: number;
  pay_less: number;
  /** Of what payers pay under the plan: 0 when all pay the same; null when nobody pays. */
  gini: number | null;
  /** Share of it that the tenth with the largest payments pays. */
  top_tenth_share: number | null;
}

/** One plan on the workspace's traffic. */
export interface PricedPlan extends PlanFigures {
  plan: string;
  /** The plan's terms in words. */
  terms: string;
  /** Cost against what is billed now, as a share of it: -0.2 is 20 % less. null when nothing is billed now. */
  change: Estimate | null;
  /** Parts of the month's cost that aren't 0; they sum to it. */
  parts: Array<{ part: string; usd: number }>;
  /** Calls a month that the plan doesn't serve; their cost elsewhere is in no figure. */
  unserved_calls: number;
  /** null when no request names its payer. */
  incidence: PlanIncidence | null;
}

/** Where two prices cost the same on this traffic; "as billed" is one of them. */
export interface PriceBreakEven {
  first: string;
  second: string;
  /** Tokens per call at which they cost the same; null when fees and token prices don't trade off. */
  tokens_per_call: {
    input_only: number | null;
    output_only: number | null;
    own_mix: number | null;
    cheaper_above: string;
  } | null;
  /** Calls a month at which the cheaper one changes, for calls as they are on average; null where the price of such a call isn't known. */
  volume: {
    crossings: Array<{ calls_per_month: number; cheaper_above: string }>;
    is_proportional: boolean;
    says: string;
  } | null;
}

/** results/pricing.json: the workspace's requests under other prices. */
export interface PricingResult {
  schema_version: 1;
  /** File of plans, and its content's hash. */
  plans: { path: string; sha256: string };
  /** Days that the log touches, and how its sums are made a month's: times month_days / days. */
  window: {
    from: string | null;
    to: string | null;
    days: number;
    month_days: number;
    factor: number;
  };
  /** A month of the requests that every plan can price. */
  traffic: {
    requests: number;
    calls_per_month: number;
    successes_per_month: number;
    tokens_per_call: number;
    /** Clusters of the intervals: payers, and sessions of requests without one. */
    clusters: number;
    payers: number;
    /** Field of the log that names the payer. */
    payer_field: string;
  };
  now: PlanFigures & { incidence: { gini: number | null; top_tenth_share: number | null } | null };
  priced: PricedPlan[];
  break_evens: PriceBreakEven[];
  /** Every attempt of the log is in exactly one line; those of `unknown` are in no figure above. */
  coverage: Array<{ evidence: Evidence; requests: number; usd: number; note: string }>;
  /** Share of attempts whose tokens and prices are logged, not estimated. */
  measured_share: number;
  notes: string[];
}
