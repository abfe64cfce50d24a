import type { Estimate } from "@signalbox/runtime";
import type { GatewayTerms } from "./gateway-terms.js";
import type {
  AddedModel,
  ConfounderReport,
  DialReport,
  DistributionReport,
  HeadCalibration,
  LabelWeights,
  SliceReport,
} from "./model-evidence.js";
import type { UnpricedRange } from "./prices/unpriced-range.js";
import type { PublishedClaim } from "./published-claims.js";
import type { ResponseShadow } from "./shadow-result.js";

export type { Estimate } from "@signalbox/runtime";

/** How sure a figure is: taken from the data, matched to similar rows, modelled, or not known. */
export const Evidence = {
  measured: "measured",
  matched: "matched",
  modelled: "modelled",
  unknown: "unknown",
} as const;
export type Evidence = (typeof Evidence)[keyof typeof Evidence];

/** Sum of money with what it rests on: an unknown price is counted beside it, never inside it as zero. */
export interface Money {
  usd: number;
  /** Rows with a price, and rows without one. */
  priced_requests: number;
  unpriced_requests: number;
}

/** One line of spend by something: a model, a provider, an app, a day. */
export interface SpendRow extends Money {
  key: string;
  requests: number;
  errors: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
}

/** results/ingest.json: what was read, and what became of it. */
export interface IngestResult {
  schema_version: 1;
  files: Array<{
    path: string;
    sha256: string;
    bytes: number;
    source: string | null;
    read: number;
    accepted: number;
    quarantined: number;
    duplicates: number;
    skipped: number;
    /** True when the same content had been ingested before and its rows were kept. */
    reused: boolean;
  }>;
  totals: { read: number; accepted: number; quarantined: number; duplicates: number; skipped: number };
  reasons: Array<{ disposition: string; reason: string; count: number; example: string }>;
  unpriced_models: Array<{ model: string; provider: string | null; requests: number; tokens: number }>;
  content: string;
  /** Rows that carry the time of their file, having none of their own (--missing-time file); absent when there are none. */
  dated_by_file?: number;
  /** Attempts of the whole workspace and the logical requests that they belong to; `inferred` of the retries and fallbacks are not
   * in the log but concluded from it, see docs/deduplication.md. */
  attempts?: {
    attempts: number;
    logical_requests: number;
    retries: number;
    fallbacks: number;
    inferred: number;
  };
  /** Files of the named folders that were not read, being no logs. */
  ignored_files?: Array<{ path: string; why: string }>;
  /** True when the traffic was generated, as the demo's is; the report then says so above everything else. */
  is_synthetic?: boolean;
}

/** results/audit.json: what was spent, on what, wasted where. */
export interface AuditResult {
  schema_version: 1;
  from: string | null;
  to: string | null;
  days: number;
  requests: number;
  logical_requests: number;
  sessions: number;
  /** Best known cost: reported where the log has it, else list. */
  billed: Money;
  list: Money;
  reported: Money;
  usd_per_successful_request: number | null;
  by_model: SpendRow[];
  by_provider: SpendRow[];
  by_app: SpendRow[];
  by_api_key: SpendRow[];
  by_endpoint: SpendRow[];
  by_source: SpendRow[];
  by_day: Array<{ day: string; model: string; usd: number; requests: number; unpriced_requests: number }>;
  tokens: Array<{ kind: string; tokens: number }>;
  waste: Array<{ kind: string; requests: number; usd: number; evidence: Evidence; note: string }>;
  latency: Array<{ model: string; p50_ms: number | null; p95_ms: number | null; n: number }>;
  errors: Array<{ error_class: string; requests: number; usd: number }>;
  price_sources: Array<{ price_source: string; requests: number; usd: number }>;
  /** Attempts without a price, and the range that the bill lies in because of them. */
  unpriced: UnpricedRange;
  /** Logical requests that took more than one attempt, and what their superseded attempts cost. */
  attempts: {
    retried_requests: number;
    retries: number;
    fallbacks: number;
    recovered_requests: number;
    usd_superseded: number;
  };
  /** Use of the providers' prompt caches, for models that read or wrote any. */
  prompt_cache: Array<{
    model: string;
    requests: number;
    requests_with_reads: number;
    input_tokens: number;
    read_tokens: number;
    write_5m_tokens: number;
    write_1h_tokens: number;
  }>;
  /** Size classes of prompts, each from `from_tokens` up to the next one's. */
  input_sizes: Array<{ from_tokens: number; requests: number; input_tokens: number; usd: number }>;
  /** Records of calls that the log held already: they are in no figure above. */
  duplicates: Array<{ reason: string; source: string | null; records: number }>;
}

/** results/label.json: what judges were asked, and what it cost. */
export interface LabelResult {
  schema_version: 1;
  /** Requests that were sampled for judging. */
  items: number;
  /** Judge calls by their outcome; calls without a usable verdict included. */
  verdicts: Array<{ kind: string; verdict: string; count: number }>;
  /** What judging cost at list price; null when the judge's price is unknown. */
  cost_usd: number | null;
  judges: string[];
  is_simulated: boolean;
  notes: string[];
}

/** One strategy on one population, everything against the same rows. */
export interface StrategyRow {
  strategy: string;
  label: string;
  usd: Estimate;
  /** Saving against the population's first baseline, as a share of it; null for the baseline itself. */
  saving: Estimate | null;
  /** Quality kept, relative to always-strong; null where no quality is known. */
  retention: Estimate | null;
  strong_share: number;
  /** The same cost for one request, for 1M tokens (input and output), and for one request that was answered, failed attempts
   * included; absent in documents of before version 2, null where there is nothing to divide by. */
  usd_per_request?: Estimate | null;
  usd_per_mtok?: Estimate | null;
  usd_per_success?: Estimate | null;
  /** Saving against always-strong; null for always-strong itself. */
  saving_of_strong?: Estimate | null;
  /** Quality kept on labelled rows that the strategy didn't learn from; null where it wasn't measured. */
  measured_retention?: Estimate | null;
  /** Change of the mean latency against the bill, milliseconds; null where a model's latency isn't logged. */
  latency_change_ms?: Estimate | null;
  /** A figure that others published about their own traffic, printed for comparison; never a row that we computed. */
  is_claim?: boolean;
}

/** results/model.json: the trained router as its card shows it. */
export interface ModelResult {
  schema_version: 1;
  artifact_id: string | null;
  artifact_path: string | null;
  strong_model: string;
  candidates: Array<{
    model: string;
    mean_quality: number;
    mean_cost_usd: number | null;
    cost_source: string;
    status: string;
  }>;
  rows: { train: number; calibration: number; threshold: number };
  split: string;
  label_sources: string[];
  is_simulated: boolean;
  retention_target: number;
  metrics: Record<string, Estimate>;
  /** Reliability of each sufficiency head on rows that training and calibration never saw. */
  reliability: Array<{ model: string; bins: Array<{ predicted: number; observed: number; n: number }> }>;
  /** Cost against quality over all thresholds on the threshold part; `usd` is the mean of one request. */
  frontier: Array<{
    threshold: number;
    strong_share: number;
    usd: number;
    quality: number;
    retention_low: number;
  }>;
  /** Strategies on rows whose scores come from a model that never saw them: cost and quality are measured. */
  heldout: { n: number; sessions: number; strategies: StrategyRow[] } | null;
  /** Figures by slice, by head and out of distribution; absent in documents of before format 1.1. */
  weights?: LabelWeights;
  slices?: SliceReport;
  dial?: DialReport;
  calibration?: HeadCalibration[];
  distribution?: DistributionReport;
  /** What the export gate measured; null until export. */
  confounders?: ConfounderReport | null;
  /** Models that were added after training; the figures above are those without them. */
  added?: AddedModel[];
  notes: string[];
}

/** results/simulate.json: what each strategy would have cost on the user's own traffic. */
export interface SimulateResult {
  /** 1 before the strategies had more columns; both are read. */
  schema_version: 1 | 2;
  artifact_id: string;
  /** Rows with known outcomes for every candidate: quality and cost are measured. */
  outcomes: { n: number; sessions: number; strategies: StrategyRow[] } | null;
  /** The log's own rows: cost is re-priced from logged tokens, quality is the model's own estimate. */
  traffic: {
    requests: number;
    sessions: number;
    strategies: StrategyRow[];
    /** The router's saving as a share of everything billed in the log, the calls that it can't decide included. */
    saving_of_bill: number | null;
    /** Strategies whose figures can't be known on this log, and why; absent in version 1. */
    unknown?: Array<{ strategy: string; label: string; why: string }>;
    /** Shares of all attempts and of all known dollars that every saving above speaks of, leaves as billed, or can't speak of; absent in
     * version 1. */
    covered?: Record<"replayed" | "measured" | "unknown", { requests: number; usd: number }>;
    /** What share of rows and dollars each kind of evidence covers. */
    coverage: Array<{ evidence: Evidence; requests: number; usd: number; note: string }>;
    by_app: Array<{
      app: string;
      requests: number;
      billed_usd: number;
      routed_usd: number;
      strong_share: number;
    }>;
  } | null;
  /** What others say about such strategies on their own traffic; absent in version 1. */
  claims?: readonly PublishedClaim[];
  /** What each gateway adds to list prices, as in the costs on other models; empty where `signalbox markup` was not run before, absent in
   * documents of before it was carried over. */
  gateway_terms?: GatewayTerms[];
  is_simulated: boolean;
  notes: string[];
}

/** results/simulate-timing.json: how long deciding took on this machine. Apart from results/simulate.json, which is the same bytes each time. */
export interface SimulateTiming {
  schema_version: 1;
  decisions: number;
  /** Microseconds that one decision adds to a request; null without any. */
  decide_us: { mean: number; p50: number; p95: number; p99: number } | null;
  /** By part; `comparing` runs while the tables are written and is inside `writing`. */
  seconds: { ordering: number; learning: number; deciding: number; writing: number; comparing: number };
}

/** results/shadow.json: what the decision log says, and what the pairs of a response shadow prove. */
export interface ShadowResult {
  /** 1 before there were response shadows; both are read. */
  schema_version: 1 | 2;
  decisions: number;
  unmatched: number;
  malformed: number;
  mix: Array<{ model: string; decisions: number; share: number }>;
  agreement: Estimate | null;
  cost_delta_usd: Estimate | null;
  latency_us: { p50: number; p95: number; p99: number } | null;
  sample: {
    rate: number;
    expected: number;
    observed: number;
    p_value: number;
    verdict: "ok" | "warn" | "mismatch";
  };
  reasons: Array<{ reason: string; count: number }>;
  artifacts: string[];
  /** Null without pairs; absent in version 1. */
  response?: ResponseShadow | null;
  notes: string[];
}

/** results/label.json in full: what judges were asked, what they said, and how far they can be trusted. */
export interface LabelDetails extends LabelResult {
  run_id: string;
  mode: string;
  candidates: string[];
  rubrics: { tier: string; sufficiency: string };
  /** Logical requests that the labels speak for; the others are in `excluded`. */
  population: number;
  excluded: Array<{ reason: string; requests: number }>;
  /** Sampled requests with a tier or a comparison. */
  labelled: number;
  strata: Array<{ stratum: string; population: number; sampled: number; labelled: number }>;
  calls: Array<{
    kind: string;
    needed: number;
    answered: number;
    reused: number;
    failed: number;
    not_sent: number;
  }>;
  tiers: Array<{ tier: string; items: number; stakes: number }>;
  /** Per candidate: pairs by their verdict over both orders; a tie is two orders that contradict each other. */
  pairs: Array<{
    candidate: string;
    sufficient: number;
    insufficient: number;
    tie: number;
    cannot_tell: number;
    /** Population share of requests for which the candidate was judged sufficient (a tie counts half). */
    sufficient_share: Estimate | null;
  }>;
  /** Pairs that a fact decided before any judge was paid, by the check that did. */
  exact_checks: Array<{ check: string; sufficient: number; insufficient: number }>;
  /** Share of judged pairs whose verdict changed with the order. */
  position_flip_rate: Estimate | null;
  /** Of the flipped pairs, the share in which the first answer was preferred both times. */
  first_preferred_share: number | null;
  cost: {
    judge_usd: number;
    answers_usd: number;
    unpriced_calls: number;
    max_usd: number | null;
    is_stopped_by_budget: boolean;
  };
  /** Calls that a killed run had sent and never saw answered; they may have been paid for nothing. */
  unanswered_calls: number;
  failures: Array<{ kind: string; reason: string; calls: number }>;
  /** Questions with a known verdict; they are never labels. The interval of the pass rate counts items, not calls: both orders of
   * one are not independent. */
  canaries: Array<{
    canary: string;
    expected: string;
    calls: number;
    passed: number;
    pass_rate: Estimate | null;
  }>;
  redactions: Array<{ kind: string; count: number }>;
}
