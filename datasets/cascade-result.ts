import type { CascadeClaim } from "./cascade-claims.js";
import type { Estimate } from "./results.js";

/** Which attempts a cascade takes: those that the router sends to the strong model, or all of them. */
export const CascadeTake = { routed: "routed", all: "all" } as const;
export type CascadeTake = (typeof CascadeTake)[keyof typeof CascadeTake];

/** A gate that looks at the first answer, as it was measured. */
export interface GateFacts {
  /** Where the rates come from. */
  source: string;
  /** P(accepts | sufficient) and P(rejects | insufficient). */
  tpr: Estimate;
  tnr: Estimate;
  /** Cost of one look, USD, and its time, milliseconds; null = unknown. */
  usd: number | null;
  ms: number | null;
  is_simulated: boolean;
}

/** One way to treat the compared attempts. */
export interface CascadeRow {
  /** limit: a cascade whose gate never errs, costs nothing and takes no time. */
  strategy: "always_strong" | "router" | "cascade" | "race" | "limit";
  /** null where no cascade is at work. */
  takes: CascadeTake | null;
  label: string;
  /** USD of the compared attempts; null while the gate's price is unknown. */
  usd: Estimate | null;
  /** Saved, as a share of what was billed for them, and of always-strong. */
  saving: Estimate | null;
  saving_of_strong: Estimate | null;
  /** Share of answers that are as good as the strong model's. */
  retention: Estimate | null;
  /** Share of attempts that the strong model answers to the end. */
  strong_share: Estimate | null;
  /** Share of the attempts that the first model is asked which go on to the strong one. */
  escalated: Estimate | null;
  /** Mean, median and 95th percentile of milliseconds to the last token; null where a model's or the gate's times are unknown. */
  mean_ms: Estimate | null;
  p50_ms: number | null;
  p95_ms: number | null;
  /** USD more (negative: less) than a threshold on confidence alone costs that keeps the same quality. */
  versus_router_usd: Estimate | null;
  /** The price of one look at which it would cost the same; below 0 even a free gate would not pay. */
  break_even_gate_usd: number | null;
}

/** A setting of the cascade: the first model is asked from this confidence on, below it the strong model at once. */
export interface CascadePoint {
  /** null = the first model is never asked. */
  ask_from: number | null;
  /** Share of the compared attempts that the first model is asked. */
  asked_share: number;
  usd: number | null;
  retention: number;
  /** The same with the gate's TNR at its lower limit. */
  retention_low: number;
  strong_share: number;
}

/** The settings of one kind of cascade, and the one to choose. */
export interface CascadeFrontier {
  takes: CascadeTake;
  points: CascadePoint[];
  /** Cheapest setting that keeps the promise with the gate's TNR at its lower limit; null when never asking first is cheapest, or
   * nothing keeps it. */
  recommended: CascadePoint | null;
  /** What the cascades of this kind in `strategies` were worked out with. */
  ask_from: number;
  verdict: string;
}

/** results/cascade.json: a cheap model first, a gate on its answer, the strong model where the gate says no. */
export interface CascadeResult {
  schema_version: 1;
  artifact_id: string;
  /** null with fewer than two models. */
  first_model: string | null;
  strong_model: string | null;
  retention_target: number;
  /** Compared: replayed attempts with a known price and confidence on every model that is asked. */
  requests: number;
  sessions: number;
  billed_usd: number;
  gate: GateFacts | null;
  /** Why there is no gate, and how to get one; null with one. */
  gate_missing: string | null;
  strategies: CascadeRow[];
  frontiers: CascadeFrontier[];
  /** What a confidence threshold over the same two models costs and keeps, without any gate; ascending in quality. */
  thresholds: Array<{ usd: number; retention: number }>;
  /** How an aborted strong call is billed. */
  abort: {
    billing: "streamed" | "full";
    /** Share of the cascade's attempts that are streams whose bill stops at the abort; the others are billed in full. */
    stopped_share: number | null;
    /** Mean share of the strong call's cost that is billed when the gate accepts. */
    billed_share: number | null;
  };
  claims: CascadeClaim[];
  coverage: Array<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>;
  is_simulated: boolean;
  notes: string[];
}
