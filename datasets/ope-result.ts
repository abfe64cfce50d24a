import type { Estimate } from "@signalbox/runtime";

/** results/ope.json: what a target policy would have been worth on logged traffic. */
export interface OpeResult {
  schema_version: 1;
  /** Artifact folder or file that names the target. */
  target: string;
  /** Records of the decision log; used and excluded ones add up to them. */
  records: number;
  used: number;
  excluded: Array<{ reason: string; records: number }>;
  models: Array<{ model: string; logged_share: number; target_share: number }>;
  overlap: OpeOverlap;
  /** Mean reward as logged. */
  logged: Estimate;
  /** One row per estimator; `is_valid` = unbiased given right propensities. */
  value: OpeEstimate[];
  /** The same of the cost per request, USD, on rows with a known cost; empty without any. */
  cost_usd: OpeEstimate[];
  cost_rows: number;
  /** Estimates of the value with weights clipped. */
  clipping: Array<{ clip: number | null; clipped_rows: number; ess: number; snips: Estimate; dr: Estimate }>;
  notes: string[];
}

/** results/ope.json where the log can't answer: why, and what to log instead. */
export interface OpeRefusal {
  schema_version: 1;
  target: string;
  refusal: string;
}

/** How much the log could show of the target. */
export interface OpeOverlap {
  /** Rows of equal weight that the weighted rows are worth. */
  ess: number;
  random_share: number;
  unsupported_share: number;
  tiny_share: number;
  largest_weight: number;
  mean_weight: Estimate;
}

/** One estimator's word. */
export interface OpeEstimate {
  estimator: "ips" | "snips" | "dr" | "switch_dr" | "dm";
  is_valid: boolean;
  value: Estimate;
  /** Target minus log. */
  difference: Estimate;
}
