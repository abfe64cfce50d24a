import type { Estimate } from "@signalbox/runtime";
import type { LabelDetails } from "./results.js";

/** results/cache_pairs.json: what is known about which cached answers serve which requests, and how far the judge can be trusted. */
export interface CachePairsResult {
  schema_version: 1;
  /** Whether any verdict is a simulation's. */
  is_simulated: boolean;
  /** How much of each segment's traffic the pairs speak for. Pairs below the floor are never served, and so need no verdict: a wrong
   * share among pairs above it, times `share_above_floor`, is the share of wrong hits in all requests. */
  segments: CachePairSegment[];
  /** Null until `cache pairs judge` has run. */
  judged: JudgedCachePairs | null;
  /** Files that `cache pairs import` read, the latest last. */
  imports: ImportedCachePairs[];
  /** The judge held against imported verdicts on the same pairs; null without any. */
  judge_error: JudgeAcceptance | null;
  notes: string[];
}

/** One segment's traffic and its pairs. */
export interface CachePairSegment {
  segment: string;
  /** Replayed requests of all tiers. */
  requests: number;
  /** Of them, those with an entry near enough for any threshold. */
  above_floor: number;
  share_above_floor: number;
  /** Distinct pairs that can be judged. */
  pairs: number;
  /** Pairs with a verdict, by what it is; a human's goes before the judge's. */
  same: number;
  different: number;
  cannot_tell: number;
  /** Share of the requests above the floor that their entry's answer does not serve (cannot_tell counts as that); null without verdicts. */
  wrong_share: Estimate | null;
}

/** A run of the judge. */
export interface JudgedCachePairs
  extends Pick<
    LabelDetails,
    "mode" | "judges" | "is_simulated" | "unanswered_calls" | "canaries" | "redactions" | "excluded"
  > {
  run_id: string;
  /** Which replay the pairs were drawn from. */
  replay_id: string;
  rubric: string;
  completed_at: string;
  /** What floor and thresholds are measured in. */
  basis: "score" | "similarity";
  floor: number;
  focus: string;
  seed: number;
  is_both_orders: boolean;
  /** Distinct pairs above the floor that can be judged, those that were drawn, and those of them that were asked about. */
  population: number;
  drawn: number;
  asked: number;
  verdicts: Array<{ segment: string; verdict: string; count: number }>;
  /** Pairs that facts decided. */
  exact: number;
  /** Share of pairs whose verdict changed with the order; null when each was asked about once. */
  order_flip_rate: Estimate | null;
  calls: Array<{
    kind: string;
    needed: number;
    answered: number;
    reused: number;
    failed: number;
    not_sent: number;
  }>;
  failures: Array<{ reason: string; calls: number }>;
  /** What this run paid at list price; calls that earlier runs paid for are free. */
  cost: {
    usd: number;
    unpriced_calls: number;
    max_usd: number | null;
    is_stopped_by_budget: boolean;
  };
}

/** A file of verdicts from elsewhere. */
export interface ImportedCachePairs {
  path: string;
  sha256: string;
  bytes: number;
  /** Which replay the rows were joined with. */
  replay_id: string;
  imported_at: string;
  rows: number;
  /** Rows that became verdicts. */
  used: number;
  raters: string[];
  same: number;
  different: number;
  cannot_tell: number;
  /** Rows that were not used, with the lines of the first few. */
  unused: Array<{ reason: string; rows: number; lines: string[] }>;
}

/** How a judge's `same` compares with humans', in rows of results/cache_pairs.json. */
export interface JudgeAcceptance {
  /** Pairs with both verdicts. */
  doubles: number;
  different_by_human: number;
  false_accepts: number;
  /** P(judge says same | human says different); null when humans found none different. */
  phi: number | null;
  /** Upper bound of phi at 90 % and 95 % confidence, one-sided, exact. */
  phi_high_90: number;
  phi_high_95: number;
  same_by_human: number;
  false_rejects: number;
  /** P(judge does not say same | human says same), with its exact 95 % interval. */
  rho: Estimate | null;
}
