import type { Estimate } from "@signalbox/runtime";

/** results/drift.json: what changed since a day, and whether that calls for another training. */
export interface DriftResult {
  schema_version: 1;
  /** ISO date or time, UTC; sessions that began before it are the reference. */
  since: string;
  artifact_id: string | null;
  /** Requests of each side, and those of them that were compared. */
  requests: { before: number; since: number; compared_before: number; compared_since: number };
  retrain_advised: boolean;
  reasons: DriftReason[];
  /** Distributions that were compared, the most shifted first. */
  columns: DriftColumn[];
  /** Shares and means that were compared. */
  outcomes: DriftOutcome[];
  /** Tests that may be looked at daily. */
  alarms: DriftAlarmRow[];
  prices: PriceChange[];
  models: ModelChange[];
  /** Cost of having looked: tests that the adjusted p-values account for. */
  tests: number;
  thresholds: { moved_psi: number; shifted_psi: number; adjusted_p: number; least_change: number };
  notes: string[];
}

/** Why, with what it rests on. */
export interface DriftReason {
  code: DriftReasonCode;
  /** Whether it calls for another training or export; otherwise it is for people to look at. */
  advises_retrain: boolean;
  evidence: string;
}

/** Reasons, in the order of their weight. */
export const DriftReasonCode = {
  sufficiencyFell: "sufficiency_fell",
  feedbackFell: "feedback_fell",
  populationShift: "population_shift",
  noveltyRose: "novelty_rose",
  scoreShift: "score_shift",
  modelGone: "model_gone",
  aliasMoved: "alias_moved",
  priceChanged: "price_changed",
  modelNew: "model_new",
  errorsRose: "errors_rose",
  outcomeShift: "outcome_shift",
} as const;
export type DriftReasonCode = (typeof DriftReasonCode)[keyof typeof DriftReasonCode];

/** A column's distribution before and since. */
export interface DriftColumn {
  column: string;
  kind: "population" | "novelty" | "score" | "outcome";
  psi: number;
  /** Bits. */
  js: number;
  /** By shuffled sessions, and adjusted for the number of tests (Holm). */
  p_value: number;
  p_adjusted: number;
  verdict: "stable" | "moved" | "shifted";
  /** Bins whose shares changed most, at most three. */
  bins: Array<{ bin: string; before: number; since: number }>;
}

/** A mean before and since. */
export interface DriftOutcome {
  outcome: string;
  before: number;
  since: number;
  difference: Estimate;
  p_value: number;
  p_adjusted: number;
}

/** An e-process on one request of each session since. */
export interface DriftAlarmRow {
  event: string;
  allowed: number;
  checked: number;
  evidence: number;
  alarm_at: number;
  is_raised: boolean;
}

/** A model whose list price is another than it was. */
export interface PriceChange {
  model: string;
  input_usd_per_mtok: { before: number | null; now: number | null };
  output_usd_per_mtok: { before: number | null; now: number | null };
}

/** A served model that is new or gone, or a name that another version answers to. */
export interface ModelChange {
  change: "new" | "gone" | "alias_moved";
  model: string;
  /** Versions that answered before and since, for a moved name. */
  served_before: string[];
  served_since: string[];
  requests_before: number;
  requests_since: number;
  /** Whether the artifact's policy holds the model. */
  is_in_policy: boolean;
}
