import type { CachePolicy } from "./artifact.js";
import { type BlockingDifference, guardPair } from "./compare-prompts.js";

/** Segment of requests that name none. */
export const defaultSegment = "default";

/** A cached answer that may fit a new prompt. */
export interface CacheQuestion {
  /** Similarity of the two prompts, on the scale that cache.json was fitted on. */
  similarity: number;
  segment?: string;
  cachedPrompt?: string;
  prompt?: string;
}

/** Whether to serve it, and why. */
export interface CacheAnswer {
  decision: "serve" | "miss" | "abstain";
  reason:
    | "above_threshold"
    | "below_threshold"
    | `guard:${BlockingDifference}`
    | "no_threshold"
    | "bad_similarity"
    | "prompts_missing"
    | "disabled"
    | "error";
}

/** Least similarity at which a cached answer may be served in a segment; null = not certified. */
export function minSimilarityOf(policy: CachePolicy, segment: string): number | null {
  const own = Object.hasOwn(policy.segments, segment)
    ? policy.segments[segment]
    : policy.segments[defaultSegment];
  return own?.min_similarity ?? null;
}

/** Decide whether a cached answer may be served. Without a certified threshold it abstains; above the threshold it still
 * misses when the prompts differ in what similarity hardly sees; see `guardPair`. Both prompts are needed for that check:
 * without them it abstains. */
export function decideCache(policy: CachePolicy, question: CacheQuestion): CacheAnswer {
  const minSimilarity = minSimilarityOf(policy, question.segment ?? defaultSegment);
  if (minSimilarity === null) return { decision: "abstain", reason: "no_threshold" };
  if (!Number.isFinite(question.similarity)) return { decision: "abstain", reason: "bad_similarity" };
  if (question.similarity < minSimilarity) return { decision: "miss", reason: "below_threshold" };
  if (typeof question.prompt !== "string" || typeof question.cachedPrompt !== "string") {
    return { decision: "abstain", reason: "prompts_missing" };
  }
  const difference = guardPair(question.prompt, question.cachedPrompt);
  if (difference !== null) return { decision: "miss", reason: `guard:${difference}` };
  return { decision: "serve", reason: "above_threshold" };
}
