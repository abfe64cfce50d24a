import type { PoisonKind } from "./synthetic/cache-poison.js";

/** results/cache_export.json: what became of each calibrated threshold at export, and what the probes found. */
export interface CacheExportResult {
  schema_version: 1;
  artifact_id: string;
  score: "pair_model" | "cosine";
  embedder: { id: string; sha256: string; dim: number };
  is_simulated: boolean;
  segments: CacheExportSegment[];
  /** Requests that were asked under every spelling of a tenant; pairs of spellings whose scopes were compared, and those that were
   * equal: never any. */
  isolation: { requests: number; tenants: number; pairs: number; shared: number };
  notes: string[];
}

/** One segment at export. */
export interface CacheExportSegment {
  segment: string;
  level: "own" | "pooled" | "exact_only";
  /** As calibrated, and as exported: null = off, because nothing was certified or because the segment is unsafe. */
  calibrated_min_score: number | null;
  min_score: number | null;
  alpha: number;
  delta: number;
  n: number;
  errors: number;
  usr_high: number | null;
  /** Why the threshold was taken out; null = it stands, or there was none. */
  unsafe: string | null;
  probes: CacheProbeCounts | null;
}

/** Planted near-duplicates of one segment. */
export interface CacheProbeCounts {
  /** The segment's own prompts that were changed, and pairs from templates. */
  own_prompts: number;
  planted: number;
  served: number;
  by_kind: Partial<Record<PoisonKind, { planted: number; served: number }>>;
  /** Some that were served. Prompts of the user's: they stay in the workspace. */
  examples: Array<{ kind: PoisonKind; cached: string; asked: string }>;
}
