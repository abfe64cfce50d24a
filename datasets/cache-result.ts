import type { Estimate } from "@signalbox/runtime";

/** results/cache_replay.json: what a cache in front of this traffic would have served, saved and got wrong. */
export interface CacheReplayResult {
  schema_version: 1;
  source: {
    kind: "workspace" | "stream";
    /** The stream's file; null for a workspace. */
    path: string | null;
    from: string | null;
    to: string | null;
    days: number | null;
  };
  /** Requests replayed, one per logical request. */
  requests: number;
  sessions: number;
  segments: number;
  /** Parts of the traffic that never share an answer. */
  scopes: number;
  /** Requests or lines that were not replayed, by reason. */
  left_out: Array<{ reason: string; requests: number }>;
  /** Replayed requests that neither get nor leave a cached answer, by reason. */
  never_cached: Array<{ reason: string; requests: number }>;
  /** Requests without text in the log: the semantic tier can't see them. */
  exact_tier_only: number;
  embedder: { id: string; sha256: string; dim: number };
  settings: {
    /** Life of an entry; null = entries don't age, or the stream has no times. */
    ttl_s: number | null;
    capacity: number;
    eviction: string;
    /** Whether pairs of prompts that differ in numbers, negation and the like are kept apart, as the runtime keeps them. */
    has_guard: boolean;
    /** Cosine from which logged answers count as one; null = equal texts alone. */
    min_answer_cosine: number | null;
  };
  /** Searches for the nearest entry that were repeated by comparing with all, and those that had found it; the others count as
   * misses, as in production. Null where every search compared with all. */
  nearest_found: { searches: number; found: number } | null;
  prices: CachePrices;
  /** Whether right answers are known (answer_key): only then are wrong hits counted. */
  is_truth_known: boolean;
  /** The exact tier alone first, then both tiers from the strictest threshold to the loosest. */
  curve: CacheCurveRow[];
  /** The 100 largest segments. */
  by_segment: CacheSegmentRow[];
  /** A cache whose key is the tenant and the last user turn, exact matches only. */
  last_turn_key: {
    hits: number;
    /** Of these, hits that the key with the conversation in it refuses. */
    refused_hits: number;
    /** Of the refused, wrong ones among those whose truth is known; null where none is. */
    refused_wrong: number | null;
    refused_known: number;
  };
  notes: string[];
}

/** What running the cache costs, and where the figures come from. */
export interface CachePrices {
  embedding_usd_per_mtok: number;
  /** Per million operations of the index: one for each lookup, one for each entry written. */
  operations_usd_per_m: number;
  storage_usd_per_entry_day: number;
  notes: string[];
}

/** A cache at one threshold. All shares are of `requests`; wrong hits are counted over requests (USR) and over hits (FHR). */
export interface CacheCurveRow {
  /** Least cosine of the semantic tier; null = the exact tier alone. */
  min_cosine: number | null;
  exact_hits: number;
  semantic_hits: number;
  misses: number;
  uncacheable: number;
  hit_rate: Estimate;
  /** Hits whose truth is known, and the wrong ones among them; null where no truth is known. */
  known_hits: number;
  wrong_hits: number | null;
  /** Wrong hits over all requests of known truth: the unsafe-served rate. */
  usr: Estimate | null;
  /** Wrong hits over hits of known truth: the false-hit rate. */
  fhr: Estimate | null;
  /** Hits whose cached answer and logged answer are both known, and those with equal ones. Unequal does not mean wrong. */
  answered_hits: number;
  same_answer_hits: number;
  /** Hits on an entry of another tenant: never any. */
  cross_tenant_hits: number;
  /** Billed cost of the hits with a known cost, and the hits without. */
  saved_usd: number;
  hits_of_unknown_cost: number;
  embedding_usd: number;
  operations_usd: number;
  storage_usd: number;
  /** Saved less all running costs; null when no hit's cost is known. */
  net_usd: Estimate | null;
  /** Share of requests that must hit for the savings to pay for the running costs; null when no request's cost is known. */
  break_even_hit_rate: number | null;
  /** Living entries at the end, and those that were given up for want of room. */
  entries: number;
  evictions: number;
  /** Misses that an entry past its time to live would have served. */
  stale_hits: number;
}

/** One segment on the curve; the same order of thresholds. */
export interface CacheSegmentRow {
  segment: string;
  requests: number;
  uncacheable: number;
  curve: Array<{
    min_cosine: number | null;
    hits: number;
    wrong_hits: number | null;
    saved_usd: number;
  }>;
}
