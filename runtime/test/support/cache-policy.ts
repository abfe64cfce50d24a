import type { CachePolicy, CacheSegment } from "../../src/artifact/artifact.js";
import { SCOPE_VERSION } from "../../src/cache/cache-scope.js";
import { hashedEmbedder } from "../../src/embed/hashed-embedder.js";

/** A calibrated policy on cosines: `default` is not calibrated unless it is given.
 * @param segments what a test is about; a segment is certified on its own labels unless it says otherwise */
export function cachePolicy(
  segments: Record<string, Partial<CacheSegment>> = {},
  changes: Partial<CachePolicy> = {},
): CachePolicy {
  const { id, sha256, dim } = hashedEmbedder(64);
  const given = { default: { level: null, min_score: null }, ...segments };
  return {
    score: "cosine",
    scope_version: SCOPE_VERSION,
    embedder: { id, sha256, dim },
    neighbours: 8,
    learnt_answers: false,
    ttl_s: null,
    max_entries: 1_000,
    segments: Object.fromEntries(
      Object.entries(given).map(([name, segment]) => [name, { ...certified, ...segment }]),
    ),
    ...changes,
  };
}

const certified: CacheSegment = {
  min_score: 0.9,
  level: "own",
  alpha: 0.02,
  delta: 0.1,
  n: 500,
  errors: 1,
  usr_high: 0.015,
  note: "certified on its own labels",
  unsafe: null,
  min_similarity: null,
};
