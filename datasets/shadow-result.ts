import type { Estimate } from "@signalbox/runtime";

/** What to do after a look at a response shadow. */
export const ShadowAction = { certify: "certify", continue: "continue", stop: "stop" } as const;
export type ShadowAction = (typeof ShadowAction)[keyof typeof ShadowAction];

/** The verdict of a response shadow; docs/shadow.md explains the codes. */
export interface ShadowVerdict {
  action: ShadowAction;
  /** certified, harm, futility, budget, too_early, collecting, no_pairs, guardrail:NAME, invalid:srm, invalid:drops or invalid:judge. */
  reason: string;
  /** The same in a sentence or two. */
  text: string;
  /** Whether the certificate also holds when failed candidate calls count against the candidate; null unless certified. */
  is_robust: boolean | null;
  /** When to look again, and about how many more judged pairs it takes; null when there is nothing to wait for. */
  next_look: { at: string; more_pairs: number | null } | null;
}

/** The state of the test at the end of one day. D is the quality of the baseline minus that of the candidate. */
export interface ShadowLook {
  at: string;
  pairs: number;
  sessions: number;
  /** Pairs of sessions that had not closed; the e-process has not bet on them yet. */
  open_pairs: number;
  difference: number;
  /** Confidence sequence: two-sided at 95 %. */
  low: number | null;
  high: number | null;
  /** One-sided upper bound at 1 - alpha. */
  upper: number | null;
  /** E-values: evidence that D is below the margin, and above it. Certified, or stopped, from 1 / alpha on. */
  e_value: number;
  e_value_worse: number;
}

/** One rate or ratio that stops the test when the candidate does much worse on it. */
export interface ShadowGuardrail {
  name: string;
  /** Pairs in which both sides are known. */
  pairs: number;
  baseline: number | null;
  candidate: number | null;
  /** Candidate minus baseline with an always-valid interval; null where it is a ratio. */
  difference: Estimate | null;
  /** What is accepted: a difference of rates, or a ratio of latencies. */
  limit: number;
  /** Evidence that the limit is exceeded; null where bands are compared instead. */
  e_value: number | null;
  status: "ok" | "stop" | "too_few";
}

/** What one side of the pairs costs. */
export interface ShadowCost {
  side: "baseline" | "candidate";
  pairs: number;
  unpriced: number;
  usd: number;
  successes: number;
  usd_per_success: Estimate | null;
}

/** Sample ratio of one day or slice. */
export interface SampleRatioRow {
  dimension: string;
  key: string;
  units: number;
  sampled: number;
  expected: number;
  p_value: number;
  /** Adjusted by Holm for all rows of the table. */
  adjusted_p: number;
  verdict: "ok" | "warn" | "mismatch";
}

/** Difference of one slice; the interval holds for all slices and looks at once. */
export interface ShadowSlice {
  dimension: string;
  slice: string;
  pairs: number;
  sessions: number;
  difference: number;
  low: number | null;
  high: number | null;
  status: "ok" | "worse" | "harmed" | "too_few";
}

/** What the pairs of a response shadow prove. */
export interface ResponseShadow {
  design: {
    margin: number;
    /** Margin that the judged difference is held to; smaller where the judge is known to blur differences. */
    judged_margin: number;
    alpha: number;
    population: "called" | "all";
    rate: number | null;
    session_cap: number;
    session_gap_h: number;
    n_star: number;
    min_days: number;
    max_days: number;
    /** Whether results/shadow_plan.json set margin, alpha and session cap. */
    is_planned: boolean;
  };
  from: string | null;
  to: string | null;
  as_of: string;
  days: number;
  has_weekend: boolean;
  baselines: Array<{ model: string; pairs: number }>;
  candidates: Array<{ model: string; pairs: number }>;
  artifacts: string[];
  judges: string[];
  is_simulated: boolean;
  statuses: Array<{ status: string; pairs: number }>;
  /** Rows of each kind and what became of them: matched, or without a partner. */
  joins: Array<{ kind: string; rows: number; example: string | null }>;
  /** Rows and fields that could not be used, by reason. */
  rejected: Array<{ file: string; reason: string; rows: number; example: string }>;
  verdict: ShadowVerdict;
  /** Fixed-sample estimate of D, clustered by session: for reading, not for stopping. */
  difference: Estimate | null;
  looks: ShadowLook[];
  certified_at: string | null;
  /** Pairs that the e-process leaves out: over the session cap or after the session's gap. */
  late_pairs: number;
  sensitivity: Array<{
    case: string;
    pairs: number;
    difference: number;
    upper: number | null;
    e_value: number;
    is_certified: boolean;
  }>;
  guardrails: ShadowGuardrail[];
  costs: ShadowCost[];
  /** What counts as a success in usd_per_success. */
  success: string;
  /** What the test itself cost: candidate calls and judging, with what has no price. */
  spend: { candidate_usd: number; judge_usd: number; unpriced_calls: number; unpriced_verdicts: number };
  latency: Array<{
    side: "baseline" | "candidate";
    quantile: number;
    n: number;
    ms: number;
    low: number | null;
    high: number | null;
  }>;
  sample_ratio: {
    rows: SampleRatioRow[];
    /** Sequential test over all units; null without a decision log. */
    e_value: number | null;
    raised_at: string | null;
    /** Pairs whose bucket lies outside the sample. */
    outside: number;
    verdict: "ok" | "warn" | "mismatch" | "unknown";
  };
  slices: { rows: ShadowSlice[]; method: string; worst: string | null };
  judge_error: {
    state: "corrected" | "uncorrected" | "none" | "unusable";
    youden: number | null;
    note: string;
  };
}
