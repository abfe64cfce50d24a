import type { Estimate } from "@signalbox/runtime";

/** Held-out rows that share a property, and how the router does on them. */
export interface SliceRow {
  /** What the slices are made by: group, script, length, tier, tools. */
  dimension: string;
  slice: string;
  n: number;
  sessions: number;
  /** Too few rows or sessions for figures; then all three are null. */
  is_small: boolean;
  retention: Estimate | null;
  strong_share: Estimate | null;
  saving: Estimate | null;
}

/** Slices of the held-out rows. */
export interface SliceReport {
  /** Fewer rows or sessions make a slice small. */
  least_rows: number;
  least_sessions: number;
  rows: SliceRow[];
  /** The slice with the lowest retention among those that aren't small; its interval holds for all of them at once
   * (Bonferroni). Null when all are small. */
  worst: { dimension: string; slice: string; of: number; retention: Estimate } | null;
}

/** The budget dial: what each retention that can be set promises, and what it does to held-out rows. */
export interface DialReport {
  /** One-sided confidence that each promise holds by itself; that all hold together isn't promised. */
  confidence: number;
  /** Retention in force: the training's target until an export sets another. */
  in_force: number;
  /** From loose to strict. */
  points: Array<{
    retention: number;
    /** Least sufficiency at which each candidate may answer; null = not certified at this retention. */
    min_sufficiency: Record<string, number | null>;
    /** Lower confidence bound of the retention; null when nothing is certified. */
    retention_low: number | null;
    strong_share: Estimate;
    /** Part of always-strong's cost that is saved. */
    saving: Estimate;
    /** Where the cost falls; absent in documents of before it was kept. */
    costs?: RoutedCosts;
  }>;
}

/** Mean cost of one request in USD by who answers it: the strong model, or any of the others; and of always asking the strong one. */
export interface RoutedCosts {
  strong_usd: number;
  candidates_usd: number;
  always_strong_usd: number;
}

/** Inclusion weights of the labelled rows. */
export interface LabelWeights {
  least: number;
  most: number;
  /** Equally weighted rows that would be as precise. */
  effective_rows: number;
}

/** Whether one head's probabilities mean what they say. */
export interface HeadCalibration {
  head: string;
  brier: Estimate;
  calibration_error: Estimate;
}

/** What the out-of-distribution score does on requests that it wasn't fitted to. */
export interface DistributionReport {
  /** Share of held-out requests that are flagged. */
  false_alarms: Estimate;
  /** Share of planted strange requests that are flagged. */
  planted: Array<{ set: string; about: string; flagged: Estimate }>;
}

/** What a flip rate means for the export: within its budget, over the default one but accepted by a raised one, over, or not
 * judged because too few requests could be harmed. */
export type FlipStatus = "within" | "accepted" | "over" | "not_judged";

/** How often a change of wording that leaves the question as it was changes the decision. */
export interface ConfounderReport {
  /** Requests that were changed, and how many of them the cheapest model doesn't answer. */
  requests: number;
  not_cheapest: number;
  /** Where they come from, and whether the model was trained on them. */
  source: string;
  is_seen_in_training: boolean;
  families: Array<{
    family: string;
    about: string;
    to_cheaper: Estimate | null;
    to_dearer: Estimate | null;
    budget: number;
    status: FlipStatus;
  }>;
}

/** A model that was added to a trained router from few labels. All figures are on its own rows, by fits that did not see them. */
export interface AddedModel {
  model: string;
  /** Labels that it was fitted to. */
  rows: number;
  /** How many of them are on items that the router was not trained on. */
  new_items: number;
  /** Labels that could not be used, since the router was fitted to those items. */
  left_out: number;
  /** Rows that its threshold rests on: those that every model answered. */
  certified_on: number;
  /** Performance gap between it and the strong model that ranking by its sufficiency recovers. */
  apgr: Estimate;
  /** Mean cost (USD) and quality of one request, as routed without it and with it; null when no row could say. */
  before: { usd: Estimate; quality: Estimate } | null;
  after: { usd: Estimate; quality: Estimate } | null;
}
