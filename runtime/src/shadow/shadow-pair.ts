import type { RecordedUsage } from "../log/decision-record.js";

/** Version of the records of a response shadow. */
export const SHADOW_PAIR_VERSION = 1;

/** How far a sampled request came. Every one leaves a record, so that nothing is missing without a reason. */
export const ShadowStatus = {
  /** Both models answered. */
  paired: "paired",
  baselineFailed: "baseline_failed",
  candidateFailed: "candidate_failed",
  candidateTimeout: "candidate_timeout",
  /** Not called: the shadow's dollars for the day are spent. */
  droppedBudget: "dropped_budget",
  /** Not called: too many shadow calls were under way. */
  droppedConcurrency: "dropped_concurrency",
  /** Not called: the shadow or the router is switched off, or has no artifact. */
  droppedDisabled: "dropped_disabled",
  /** Not called: the router names the model that answered. */
  sameModel: "same_model",
  /** Not called: the request can't be sent twice, such as one with server-side state or tools that act, or the caller gave up. */
  unsupported: "unsupported",
} as const;
export type ShadowStatus = (typeof ShadowStatus)[keyof typeof ShadowStatus];

/** One model's side of a pair. */
export interface ShadowSide {
  model: string;
  usage: RecordedUsage | null;
  latency_ms: number | null;
  ttft_ms: number | null;
  finish_reason: string | null;
  error: string | null;
  error_class: string | null;
  /** Whether the answer is a refusal by the provider's own word; null when it doesn't say. */
  is_refusal: boolean | null;
  /** Whether the answer parses where the request demanded JSON; null where it didn't, or there is no answer. */
  is_valid_json: boolean | null;
}

/** One line of a response shadow's log: a sampled request, the answer that the user got, and the other model's that nobody was served. */
export interface ShadowPairRecord {
  v: number;
  ts: string;
  pair_id: string;
  request_id: string;
  session_hash: string | null;
  bucket: number;
  /** Designed share of sessions. */
  rate: number;
  artifact: string | null;
  status: ShadowStatus;
  /** Side that the user was served by; absent = the baseline. */
  served?: "baseline" | "candidate";
  /** What would answer without the router. */
  baseline: ShadowSide;
  /** The router's choice. */
  candidate: ShadowSide | null;
  slices: Record<string, string>;
  /** Key under which the caller keeps the contents; null when `content` is here, or none was kept. */
  content_ref: string | null;
  /** Redacted prompt and answers; null unless the caller asked for them. */
  content: { prompt: string; system: string; baseline: string | null; candidate: string | null } | null;
}

/** Meaning of each field, in the order of a line; docs/adapters.md prints it. */
export const shadowPairFields: Readonly<Record<keyof ShadowPairRecord, string>> = {
  v: "version of this record, 1",
  ts: "time at which the candidate's call ended or was not made, ISO 8601 UTC",
  pair_id: "first 24 hex digits of sha256(artifact:request_id)",
  request_id: "as in the decision log",
  session_hash: "salted hash of the session id; null without a session",
  bucket: "place of the session (or request) in [0, 1)",
  rate: "designed share of sessions",
  artifact: "artifact id; null when none could be loaded",
  status:
    "paired, baseline_failed, candidate_failed, candidate_timeout, dropped_budget, dropped_concurrency, dropped_disabled, same_model or unsupported",
  served: "side that the user was served by: baseline, or candidate where the router's choice is in force",
  baseline:
    "what would answer without the router: model, usage, latency_ms, ttft_ms, finish_reason, error, error_class, is_refusal, is_valid_json; all but the model null when it wasn't called",
  candidate: "the same of the router's choice; null when it wasn't called",
  slices: "app, plan, locale and endpoint of the request's meta, where given",
  content_ref: "key under which the caller keeps prompt and answers; null when it doesn't",
  content: "redacted prompt, system, baseline and candidate text; null unless the caller asked for them",
};
