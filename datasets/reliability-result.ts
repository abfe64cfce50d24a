import type { Estimate } from "./results.js";

/** results/reliability.json: which attempts fail, what that costs, what retries and fallbacks would recover, and latency before and after
 * routing. USD, milliseconds. */
export interface ReliabilityResult {
  schema_version: 1;
  /** Every logged attempt by model, most attempts first; the last line may be all models outside the policy together. */
  models: ReliabilityModel[];
  /** What users saw: attempts joined to logical requests; null when there is none outside batch jobs. */
  user: UserReliability | null;
  /** How often an attempt fails that follows a failed one. */
  after_failure: AfterFailure[];
  chains: ChainRow[];
  /** Answered, replayed requests by strategy; empty when nothing was replayed. */
  latency: LatencyRow[];
  /** Time to the last token that `within_slo` counts against, ms. */
  slo_ms: number;
  timeline: ErrorTimeline;
  coverage: Array<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>;
  notes: string[];
}

/** Attempts of one model. */
export interface ReliabilityModel {
  model: string;
  attempts: number;
  failures: number;
  error_rate: Estimate;
  /** Failed attempts by class, most first; shares are of the model's attempts. */
  by_class: Array<{ error_class: string; kind: ErrorKind; failures: number; rate: Estimate }>;
  /** Failed attempts that cost something. */
  billed_failures: number;
  /** Failed attempts that may have been charged and have no known price: in no sum. */
  unpriced_failures: number;
  /** What failed attempts cost, where it is known. */
  failed_usd: number;
}

/** Whether asking again can help: another try may (transient), nobody knows (unclear), or the request itself is at fault (request). */
export type ErrorKind = "transient" | "unclear" | "request";

/** Logical requests outside batch jobs, each with all its attempts. */
export interface UserReliability {
  requests: number;
  attempts: number;
  /** Share of logical requests that any attempt answered. */
  success: Estimate;
  /** Share whose first attempt was answered. */
  first_success: Estimate;
  attempts_per_request: Estimate;
  /** Share of logical requests that another model was asked for. */
  fallback_rate: Estimate;
  failed_first: number;
  /** Requests that failed at first and were answered in the end, by what answered them. */
  recovered_by_retry: number;
  recovered_by_fallback: number;
  /** Same, where the log's models are outside the policy, so that retry and fallback can't be told apart. */
  recovered_otherwise: number;
  usd_per_attempt: Estimate | null;
  usd_per_success: Estimate | null;
  /** Spent on failed attempts, outside batch jobs. */
  wasted_usd: Estimate;
  /** From the first attempt's start to the end of the attempt that answered. */
  latency_p50: Estimate | null;
  latency_p95: Estimate | null;
  /** Share of all logical requests answered within `slo_ms`; a failed one isn't, one without times isn't counted. */
  within_slo: Estimate | null;
  /** Answered requests whose time can't be told. */
  untimed: number;
}

/** What the next attempt after a failure that is worth another try does. */
export interface AfterFailure {
  relation: "same_model" | "same_provider" | "other_provider";
  /** Share of logged second attempts that failed as well; null when there are none. */
  logged: Estimate | null;
  /** Mean error rate of such a model in the same window of time, the request itself left out; null when there are none. */
  same_window: Estimate | null;
}

/** How it is known that a later attempt fails. */
export const StepEvidence = {
  /** Logged attempts that followed a failure of the same class. */
  loggedClass: "logged_class",
  /** The same over all classes that are worth another try. */
  logged: "logged",
  /** The model's other requests in the same window of time. */
  sameWindow: "same_window",
  /** The model's overall error rate, as if failures didn't come together. */
  independence: "independence",
  /** Another try isn't known to help: counted as failed. */
  notRecovered: "not_recovered",
} as const;
export type StepEvidence = (typeof StepEvidence)[keyof typeof StepEvidence];

/** What a chain of attempts would have made of the logged first attempts. */
export interface ChainRow {
  chain: string;
  label: string;
  /** First attempts that it starts from: of the policy's models, or of the chain's own first model. */
  requests: number;
  first_failures: number;
  availability: Estimate;
  /** The same if every attempt failed independently of the others: what formulas without correlation promise. */
  availability_if_independent: number;
  attempts: Estimate;
  usd_per_request: Estimate | null;
  usd_per_success: Estimate | null;
  /** Mean time to the answer, over answered requests. */
  latency_ms: Estimate | null;
  /** Mean time to the answer of requests whose first attempt failed. */
  recovery_ms: Estimate | null;
  steps: ChainStepRow[];
  /** Whether any step is modelled as independent: then availability is an upper limit rather than an estimate. */
  assumes_independence: boolean;
}

/** One further attempt of a chain. */
export interface ChainStepRow {
  /** 2 for the first one after a failure. */
  attempt: number;
  /** Failures (expected) that get so far. */
  tries: number;
  /** Share of them that fail again. */
  failure: number;
  /** Kind of evidence behind most of them. */
  evidence: StepEvidence;
  /** Observations behind it. */
  n: number;
}

/** Latency under one strategy: measured as billed, modelled otherwise. */
export interface LatencyRow {
  strategy: "billed" | "router" | "always_strong" | "always_cheapest";
  label: string;
  /** Answered requests whose time is known under this strategy. */
  requests: number;
  /** Answered requests without a logged time, or whose model has none to go by. */
  unknown: number;
  total_p50: Estimate | null;
  total_p95: Estimate | null;
  /** p95 if the other model's time had nothing to do with the logged one. */
  total_p95_if_independent: number | null;
  ttft_p50: Estimate | null;
  ttft_p95: Estimate | null;
  /** Output tokens per second after the first token; p05 is the slow end. */
  speed_p05: Estimate | null;
  speed_p50: Estimate | null;
  speed_p95: Estimate | null;
  within_slo: Estimate | null;
}

/** Attempts and failures over time, at most 90 points; steps without attempts are left out. */
export interface ErrorTimeline {
  step_minutes: number;
  points: Array<{ at: string; attempts: number; failures: number }>;
}
