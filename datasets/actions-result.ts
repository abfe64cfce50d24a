import type { Estimate, Evidence } from "./results.js";

/** Person-time of an action. */
export const Effort = { hours: "hours", days: "days", weeks: "weeks" } as const;
export type Effort = (typeof Effort)[keyof typeof Effort];

/** What an action can do to answers. */
export const QualityRisk = { none: "none", low: "low", needsShadowTest: "needs_shadow_test" } as const;
export type QualityRisk = (typeof QualityRisk)[keyof typeof QualityRisk];

/** How far the dollars of an action are known; the order in which actions are ranked. */
export const Standing = {
  /** The whole interval is a saving. */
  shown: "shown",
  /** How much there is to look at; only its owner knows what of it can be had. */
  upTo: "up_to",
  /** The interval holds no saving as well, or there is no interval. */
  notShown: "not_shown",
  unknown: "unknown",
} as const;
export type Standing = (typeof Standing)[keyof typeof Standing];

/** results/actions.json: what to do, the most dollars for the least effort first. */
export interface ActionsResult {
  schema_version: 1;
  /** What the dollars of waste and routing come from. */
  based_on: "levers" | "audit" | "nothing";
  /** Days of log that a month is scaled from; null without any. */
  days: number | null;
  /** Ranked. Their dollars overlap and must not be added up. */
  actions: ActionRow[];
  /** Looked at and not worth doing. */
  left_out: Array<{ action: string; title: string; why: string }>;
  is_simulated: boolean;
  notes: string[];
}

/** One thing to do. */
export interface ActionRow {
  /** 1 for the first. */
  rank: number;
  /** Stable name: router, exact_cache, batch, ... */
  action: string;
  title: string;
  /** What the documents say about it; null when no more than the title. */
  detail: string | null;
  /** What it saves alone, scaled to a month of 365.25 / 12 days and to a week; null = unknown, which is not 0. */
  usd_per_month: Estimate | null;
  usd_per_week: number | null;
  standing: Standing;
  evidence: Evidence;
  /** Result documents that it rests on. */
  sources: string[];
  effort: Effort;
  effort_reason: string;
  /** Dollars a month for each person-day of effort; null = unknown. */
  usd_per_month_per_day: number | null;
  risk: QualityRisk;
  risk_reason: string;
  /** Actions that save part of the same dollars; null = how much isn't known. */
  overlaps: Array<{ action: string; usd_per_month: number | null }>;
  first_step: ActionStep;
  /** How one will know that it worked. */
  check: ActionStep;
}

/** Something to do, and the command or configuration to do it with. */
export interface ActionStep {
  text: string;
  language: "sh" | "json" | "yaml" | "sql";
  code: string;
}
