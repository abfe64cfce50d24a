import type { OperatingPolicy } from "./operating-policy.js";

/** Major version of the artifact format that this runtime reads and the toolkit writes. docs/artifact.md specifies it. */
export const ARTIFACT_SCHEMA_MAJOR = 1;
/** Version of the artifact format that this package writes and reads, MAJOR.MINOR; every minor of its major is read. */
export const ARTIFACT_SCHEMA_VERSION = "1.3";

/** One output of the model. Probabilities come first in the model's output, in this order, then the length quantiles.
 * - sufficiency: P(this model's answer is not worse than the strong model's | request)
 * - difficulty: P(difficulty >= level | request), level 1 or 2 (cumulative, ordinal)
 * - stakes: P(errors are expensive | request) */
export type Head =
  | { kind: "sufficiency"; model: string }
  | { kind: "difficulty"; level: 1 | 2 }
  | { kind: "stakes" };

/** A number that someone might quote, with where it comes from. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  /** How it was obtained and how its 95 % interval was built. */
  method: string;
  /** Rows (or sessions) that it rests on. */
  n: number;
}

/** manifest.json: the last file written; its presence says that the artifact is whole. */
export interface ArtifactManifest {
  schema_version: string;
  artifact_id: string;
  created_at: string;
  toolkit_version: string;
  featuriser: { version: number; hash: string };
  /** Probability heads, in output order. */
  heads: Head[];
  /** Quantile levels of ln(1 + output tokens), in output order; empty when the model has no length head. */
  length_quantiles: number[];
  files: Record<string, { sha256: string; bytes: number }>;
  training: {
    rows: number;
    sessions: number;
    from: string | null;
    to: string | null;
    seed: number;
    inputs: Array<{ path: string; sha256: string }>;
    label_sources: string[];
    is_simulated: boolean;
  };
  metrics: Record<string, Estimate>;
  /** What the export was held to, and what was accepted beyond the default budgets; absent in format 1.0. */
  gates?: {
    max_flip_rate: number;
    max_searched_flip_rate: number;
    min_slice_retention: number | null;
    accepted: Array<{ family: string; to_cheaper: Estimate }>;
  };
  /** What was changed in policy.json since the export; absent in an artifact as it was exported. */
  revision?: {
    /** The artifact that was revised; its model is this one's. */
    of: string;
    note: string;
    /** Fields of policy.json with their old and new values, as text. */
    changed: string[];
  };
}

/** What the router knows about one model that it may choose. */
export interface PolicyModel {
  model: string;
  provider: string | null;
  /** USD per million tokens at export; null when unknown (then `mean_cost_usd` decides the order). */
  input_usd_per_mtok: number | null;
  output_usd_per_mtok: number | null;
  /** Mean cost of one training request on this model. */
  mean_cost_usd: number | null;
  context_window: number | null;
  supports_tools: boolean | null;
  supports_vision: boolean | null;
  supports_json: boolean | null;
  /** USD per million input tokens read from the provider's prompt cache; absent before format 1.3, null when unknown. */
  cache_read_usd_per_mtok?: number | null;
  /** Where the model is served, such as "eu" or "us"; absent or null = unknown, which a request that demands a region excludes. */
  regions?: string[] | null;
}

/** policy.json: how probabilities become a model. */
export interface Policy extends OperatingPolicy {
  /** Reference model that sufficiency is measured against, and where doubt goes. */
  strong_model: string;
  /** Model returned when the router can't decide. */
  default_model: string;
  /** Candidates in ascending cost; the strong model is last. Dominated models are left out. */
  models: PolicyModel[];
  /** Models that were left out, and why. */
  excluded: Array<{ model: string; reason: string }>;
  retention_target: number;
  confidence: number;
  /** Least sufficiency at which each candidate may answer; null = not certified, never chosen. */
  thresholds: Record<
    string,
    { min_sufficiency: number | null; retention_low: number | null; n: number; note: string }
  >;
  /** What counts as out of distribution, and goes to the strong model. */
  in_distribution: {
    /** Range of each dense feature. */
    dense_low: number[];
    dense_high: number[];
    /** Distance from the training requests; absent in format 1.0. docs/artifact.md has the formulas. */
    score?: {
      /** Base64 of one 4-bit rarity per bucket, low half of each byte first: 0 (in every training request) to 15 (in none). */
      rarity: string;
      /** Expected mean rarity of a request of n distinct n-grams: [a, b] of a + b ln n. */
      text_centre: [number, number];
      /** Variance around it: [c, d] of c + d / n. */
      text_variance: [number, number];
      /** Standard deviations above the expected rarity from which a text is novel. */
      text_limit: number;
      /** Mean and 1 / standard deviation of each dense feature; scale 0 = doesn't count. */
      shape_mean: number[];
      shape_scale: number[];
      /** Root mean square of the standardised features from which a request is unusual. */
      shape_limit: number;
    };
  } | null;
  /** Dense features are clamped to this range before the model reads them; absent in format 1.0. */
  dense_range?: { low: number[]; high: number[] };
  /** Stakes probability from which the strong model answers; null = no stakes head. */
  stakes_threshold: number | null;
  shadow: { rate: number; salt: string };
  enabled: boolean;
}

/** cache.json: which cached answers may be served, per segment. Documents of format 1.0 and 1.1 are read as this. */
export interface CachePolicy {
  /** What min_score is on: the same-answer score of cache-model.onnx, or the cosine of the two prompts. */
  score: "pair_model" | "cosine";
  /** Version of the scope's serialisation (`SCOPE_VERSION`) that the traffic was divided by; null = before 1.2. */
  scope_version: number | null;
  /** What prompts were embedded with; another embedder's cosines mean something else. Null = not stated. */
  embedder: { id: string; sha256: string; dim: number } | null;
  /** Nearest cached prompts that are looked at. */
  neighbours: number;
  /** Whether the score learnt with ids of the cached answers, and so needs them. */
  learnt_answers: boolean;
  /** Life of an entry, seconds; null = entries don't age. */
  ttl_s: number | null;
  /** Entries that certificates hold for, in all scopes together; null = not stated. */
  max_entries: number | null;
  segments: Record<string, CacheSegment>;
}

/** What may be served in one segment of the traffic, and what vouches for it. */
export interface CacheSegment {
  /** Serve near answers that score at least this; null = the semantic tier is off. */
  min_score: number | null;
  /** Certified on its own labels, or pooled with other small segments; exact_only = only equal prompts; null = not calibrated. */
  level: "own" | "pooled" | "exact_only" | null;
  /** Wrong hits are at most alpha of all requests, except with probability delta over calibrations. */
  alpha: number | null;
  delta: number | null;
  /** Checked offers, and of them wrong ones at or above min_score. */
  n: number;
  errors: number;
  /** Upper bound of wrong hits / requests; null = off. */
  usr_high: number | null;
  note: string;
  /** Why the export took the threshold out; null = no planted pair was served. */
  unsafe: string | null;
  /** min_score where the score is the cosine, for readers of 1.1; else null. */
  min_similarity: number | null;
}

/** One line of golden-cache.jsonl: a prompt, its cached neighbours and what the cache must make of them. */
export interface GoldenCacheRow {
  prompt: string;
  neighbours: Array<{ similarity: number; prompt: string; answer: string | null }>;
  /** Code of the guard for each neighbour; null = it lets the pair through. */
  guard: Array<string | null>;
  /** Place of the first that it lets through; -1 = none. */
  at: number;
  /** Pair features and score of that one; null without one. */
  features: number[] | null;
  score: number | null;
}

/** One line of golden.jsonl: a request, its feature vector and what the model must say about it. */
export interface GoldenRow {
  request: import("../request/request.js").RouteRequest;
  ids: number[];
  weights: number[];
  dense: number[];
  probabilities: number[];
  length_quantiles: number[];
  /** Out-of-distribution score; absent in format 1.0, null when the policy has none. */
  ood?: number | null;
  model: string;
}
