import type { Estimate, Evidence } from "./results.js";

/** results/levers.json: what each lever saves alone, and what all of them save together, nothing counted twice. */
export interface LeversResult {
  schema_version: 1;
  /** Everything billed in the log, attempts that no lever touches included; unknown prices are in no sum. */
  billed_usd: number;
  /** The same attempts with every lever on: billed minus the sum of the steps. */
  projected_usd: number;
  /** Billed minus projected, with its interval; what each step adds to it is in the waterfall. */
  saving: Estimate;
  /** Days from the first attempt to the last, at least one. */
  days: number;
  attempts: number;
  unpriced_attempts: number;
  levers: LeverRow[];
  /** In order: each bar is the difference that this lever makes after all before it. They add up to billed minus projected. */
  waterfall: WaterfallStep[];
  /** Pairs of levers: what both save together, and how much less than the sum of each alone. */
  overlaps: Array<{ levers: [string, string]; together_usd: number; overlap_usd: number }>;
  coverage: Array<{ evidence: "replayed" | "measured" | "unknown"; requests: number; usd: number }>;
  is_simulated: boolean;
  notes: string[];
}

/** One lever on its own, all others off. */
export interface LeverRow {
  /** Stable name: exact_cache, prompt_cache, router, cascade, batch, oversize, retries, ... */
  lever: string;
  label: string;
  /** USD saved in the log's window when only this lever is on; negative = it costs. */
  alone: Estimate;
  /** Attempts that it changes. */
  requests: number;
  /** Attempts with a known bill that it can be worked out for, and their bill; of the others nothing is claimed. */
  coverage: { requests: number; usd: number };
  /** Whether it is one of the waterfall's; the others stand alone. */
  is_combined: boolean;
  /** It says how much there is to look at: only you know what of it can be had. */
  is_upper_bound: boolean;
  evidence: Evidence;
  /** What it would take, and what it doesn't know. */
  note: string;
}

/** One bar of the waterfall: what the spend changes by (negative = saved). */
export interface WaterfallStep {
  step: string;
  label: string;
  /** Change of the spend, USD. */
  change: Estimate;
  /** Spend after this step, USD. */
  after_usd: number;
  evidence: Evidence;
}
