import type { Estimate } from "@signalbox/runtime";

/** results/cache_calibration.json: which cached answers may be served, and what vouches for it. `export` makes cache.json of it. */
export interface CacheCalibrationResult {
  schema_version: 1;
  source: { kind: "workspace" | "stream"; path: string | null };
  /** Promise: wrong hits are at most alpha of all requests; over calibrations it fails with probability at most delta. */
  alpha: number;
  delta: number;
  seed: number;
  embedder: { id: string; sha256: string; dim: number };
  /** Offers are ranked by a model of the pair's features, or by the cosine alone. */
  score: "pair_model" | "cosine";
  /** Of `pairFeatureNames`; null for the cosine. */
  model: { features: string[]; weights: number[]; bias: number } | null;
  /** What the model learnt from: the log's own answers, a part of the labels, or nothing. */
  learnt_from: "answers" | "labels" | "nothing";
  /** Whether the pairs' features knew what cached answers say (answer groups); the runtime is then asked with ids of answers, else
   * without. */
  reads_answers: boolean;
  /** Where right and wrong came from: known answers, or pairs judged or rated. */
  labels_from: "answer_key" | "pairs";
  is_simulated: boolean;
  /** Labels spent, and of them those that taught the score and certify nothing. */
  labels: number;
  labels_for_score: number;
  /** Upper bound of the share of wrong answers that the judge accepts, folded into the thresholds; null = taken to be 0. */
  judge_accepts_high: number | null;
  /** Entries of the cache that was calibrated: certificates speak of caches no larger, in all scopes together. */
  max_entries: number;
  /** Life of an entry; null = entries don't age. */
  ttl_s: number | null;
  segments: CacheSegmentThreshold[];
  /** The calibrated cache on the later part of the log, which calibration didn't see; null when there is none. */
  later: CacheLaterPart | null;
  notes: string[];
}

/** One segment's threshold. */
export interface CacheSegmentThreshold {
  segment: string;
  /** own, pooled with other small segments, or exact_only = the semantic tier is off. */
  level: "own" | "pooled" | "exact_only";
  /** Serve offers that score at least this; null = off. */
  min_score: number | null;
  alpha: number;
  delta: number;
  /** Checked offers that the certificate rests on, the wrong ones above the threshold, and how many there might have been. */
  n: number;
  errors: number;
  allowed_errors: number | null;
  /** Upper bound of wrong hits / requests; null = off. */
  usr_high: number | null;
  /** Wrong hits / hits among the checked offers above the threshold; null = off, or none above it was checked. Not a promise. */
  fhr: Estimate | null;
  /** Least labels without an error that certify anything. */
  least_labels: number | null;
  note: string;
}

/** What the calibrated cache does on traffic that calibration didn't see. */
export interface CacheLaterPart {
  requests: number;
  exact_hits: number;
  semantic_hits: number;
  hit_rate: Estimate;
  /** Wrong hits / requests and wrong hits / hits; null where the truth isn't known. */
  usr: Estimate | null;
  fhr: Estimate | null;
  /** The same for the exact tier alone. */
  exact_only_hit_rate: Estimate;
  exact_only_usr: Estimate | null;
  by_segment: Array<{ segment: string; requests: number; hits: number; wrong_hits: number | null }>;
  /** Hits on an entry of another tenant: never any. */
  cross_tenant_hits: number;
}
