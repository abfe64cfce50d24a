import type { Estimate, Evidence } from "./results.js";

/** results/misroutes.json: which calls went to another model than the cheapest that would have done. */
export interface MisroutesResult {
  schema_version: 1;
  artifact_id: string;
  /** The policy's models, ascending in cost. */
  models: string[];
  /** Quality from which an answer with an absolute label is good enough. */
  good_enough: number;
  /** The figures to quote: the combined ones where there are labels, else the modelled; null when no attempt could be judged. */
  quoted: MisrouteFigures | null;
  /** Labelled attempts alone, weighted to the attempts that they were drawn from. */
  measured: MisrouteFigures | null;
  /** All replayed attempts, by the router's calibrated sufficiency alone. */
  modelled: MisrouteFigures | null;
  /** Range of the modelled shares if dearer models need not be sufficient whenever cheaper ones are. */
  without_order: { overkill: [low: number, high: number]; underpowered: [low: number, high: number] } | null;
  labels: MisrouteLabels;
  /** By served model, app and difficulty. */
  by: MisrouteGroup[];
  /** App and served model by the money that overkill cost, most first. */
  worst: Array<MisrouteGroupFigures & { app: string; model: string }>;
  claim: MisrouteClaim;
  /** Every attempt of the log, in one line each; USD of those with a known price. */
  coverage: MisrouteCoverage[];
  is_simulated: boolean;
  notes: string[];
}

/** How attempts compare with the cheapest model that would have done. The shares of overkill, right-sized, underpowered and none
 * sufficient add up to 1. */
export interface MisrouteFigures {
  evidence: Evidence | "combined";
  attempts: number;
  /** Labelled attempts that the figures rest on. */
  labelled: number;
  billed_usd: number;
  /** A cheaper model would have done. */
  overkill: Estimate;
  right_sized: Estimate;
  /** Only a dearer model would have done. */
  underpowered: Estimate;
  /** No model would have done; null where labels only compare with the strong model. */
  none_sufficient: Estimate | null;
  /** Overkill and underpowered together, and the share of overkill in them. */
  wrong: Estimate;
  overkill_of_wrong: Estimate | null;
  /** USD billed above the cheapest sufficient model's cost. */
  overpaid_usd: Estimate;
  /** USD billed for answers that were not good enough. */
  at_risk_usd: Estimate;
  /** USD that the cheapest sufficient model would have cost above the bill of underpowered attempts. */
  repair_usd: Estimate;
}

/** One group of attempts. */
export interface MisrouteGroup extends MisrouteGroupFigures {
  dimension: string;
  slice: string;
}

/** Figures of a group. Intervals of one figure hold for all groups at once. */
export interface MisrouteGroupFigures {
  evidence: Evidence | "combined";
  attempts: number;
  sessions: number;
  labelled: number;
  billed_usd: number;
  overkill: Estimate;
  underpowered: Estimate;
  overpaid_usd: Estimate;
  at_risk_usd: Estimate;
  repair_usd: Estimate;
}

/** What the measured part rests on. */
export interface MisrouteLabels {
  labelled: number;
  sessions: number;
  /** By the model that answered: how many attempts there are, and how many are labelled; 0 = its figures are modelled. */
  by_served: Array<{ model: string; attempts: number; labelled: number }>;
  /** Labels of logged attempts that say nothing here, by reason. */
  unused: Array<{ reason: string; attempts: number }>;
  /** Whether a judge gave them, and whether its errors are corrected by human ratings. */
  is_judged: boolean;
  is_corrected: boolean;
  ratings: number;
  /** How the labels came about, in a sentence; what to run where there are none. */
  note: string;
}

/** Figures that others published about their own traffic: for comparison, never computed with. */
export interface MisrouteClaim {
  label: string;
  wrong: number;
  /** The published pair, and the two ways to read it. */
  overkill: number;
  underpowered: number;
  note: string;
  source: string;
}

/** A line of coverage. */
export interface MisrouteCoverage {
  evidence: "replayed" | "measured" | "unknown";
  requests: number;
  usd: number;
  note: string;
}
