import type { CoverageLine } from "./coverage-line.js";
import type { Estimate } from "./results.js";

/** results/frontier.json: what every setting of the router would cost, keep and take on the replayed log, and the cheapest one under
 * constraints. */
export interface FrontierResult {
  schema_version: 1;
  artifact_id: string;
  /** Replayed attempts and their sessions: the population of every point. */
  requests: number;
  sessions: number;
  /** Attempts whose model a setting may change; the others keep what the router chose for another reason than sufficiency. */
  free_requests: number;
  points: FrontierPoint[];
  /** The first is the one that was asked; the others are the same question at other limits. */
  queries: FrontierQuery[];
  /** Dynamic cost-performance matrix: the cells with the largest spend, the rest in one line at the end. */
  matrix: MatrixCell[];
  coverage: CoverageLine[];
  is_simulated: boolean;
  notes: string[];
}

/** What kind of setting a point is. */
export const FrontierKind = {
  billed: "billed",
  router: "router",
  dial: "dial",
  threshold: "threshold",
  perApp: "per_app",
  single: "single",
  randomMix: "random_mix",
  /** Row by row, as if the router's estimates were exact: a bound, not a setting. */
  ifExact: "if_exact",
} as const;
export type FrontierKind = (typeof FrontierKind)[keyof typeof FrontierKind];

/** One setting on all replayed attempts. */
export interface FrontierPoint {
  kind: FrontierKind;
  label: string;
  /** Least sufficiency at which each cheaper model answers; null = that model never does. Null for settings without thresholds. */
  min_sufficiency: Record<string, number | null> | null;
  /** Thresholds by app, where they differ. */
  by_app: Array<{ app: string; min_sufficiency: Record<string, number | null> }> | null;
  /** Command that puts it into force; null where none does, and `how` says what would. */
  command: string | null;
  how: string;
  /** Total on the replayed attempts, USD. */
  usd: Estimate;
  /** Share of what was billed for them. */
  saving: Estimate | null;
  /** Mean sufficiency: quality kept of always-strong, by the router's own estimate. */
  retention: Estimate | null;
  p50_ms: Estimate | null;
  p95_ms: Estimate | null;
  strong_share: number;
  /** No point of a realisable kind is as cheap and keeps as much. */
  is_on_front: boolean;
  /** The same with p95 latency as third coordinate; false where it is unknown. */
  is_on_front_with_latency: boolean;
}

/** Least cost with retention >= q and p95 latency <= L. */
export interface FrontierQuery {
  min_retention: number;
  max_p95_ms: number | null;
  /** `by_bounds` among what a command puts into force: the router as it is, its dial, single models. */
  settable: FrontierAnswer;
  /** Bounds of the 95 % intervals keep the constraints: chosen on one half of the sessions, confirmed on the other. */
  by_bounds: FrontierAnswer;
  /** Point estimates keep them on all rows: optimistic, for the best of many. */
  by_estimates: FrontierAnswer;
}

export interface FrontierAnswer {
  is_feasible: boolean;
  /** Place in `points` of the answer; of the nearest setting when none is feasible; null without any. */
  point: number | null;
  /** The setting's figures on the sessions that didn't choose it; null where all did. */
  confirmed: ConfirmedPoint | null;
  /** What no setting meets: one constraint, or both (each may be met alone). */
  binding: "retention" | "p95" | "both" | null;
  /** By how much the nearest setting misses: share of quality, and milliseconds; 0 where it keeps the constraint. */
  short_of_retention: number | null;
  over_p95_ms: number | null;
  /** The answer in words. */
  text: string;
}

/** Held-out figures of a chosen setting. */
export interface ConfirmedPoint {
  saving: Estimate | null;
  retention: Estimate | null;
  p95_ms: Estimate | null;
  /** Whether point estimates keep the constraints there, and whether the bounds do. */
  holds: boolean;
  bounds_hold: boolean;
}

/** One cell of app x tier x model that answered; all attempts of the pool's models, failed ones included. */
export interface MatrixCell {
  app: string;
  /** Difficulty 0, 1, 2; null where the router didn't decide. */
  tier: number | null;
  model: string;
  /** Cells that the line stands for; above 1 in the last line only. */
  cells: number;
  requests: number;
  /** Known bills only. */
  usd: number;
  unpriced_requests: number;
  success: Estimate | null;
  usd_per_success: Estimate | null;
  /** Mean calibrated sufficiency of this model on the cell's requests: modelled. */
  sufficiency: Estimate | null;
  /** Of answered attempts, measured. */
  p50_ms: number | null;
  p95_ms: number | null;
  latency_n: number;
}
