import type { BlockingDifference } from "./compare-prompts.js";

/** Why a cached answer may be served or not. Codes are stable; `guard:CODE` stands beside them when the guard objects to every
 * neighbour. */
export const CacheReason = {
  /** serve: a cached prompt is the same text. */
  exact: "exact",
  /** serve */
  aboveThreshold: "above_threshold",
  /** miss */
  belowThreshold: "below_threshold",
  /** miss: the cache holds nothing in this scope. */
  noNeighbours: "no_neighbours",
  /** miss: every neighbour is older than `ttl_s`, or its time can't be read. */
  tooOld: "too_old",
  /** abstain: the segment, and "default", are unknown or were not calibrated. */
  noThreshold: "no_threshold",
  /** abstain: nothing could be certified; only equal prompts are served. */
  exactOnly: "exact_only",
  /** abstain: the export's probes were served a wrong answer. */
  unsafeSegment: "unsafe_segment",
  /** abstain: the certificate is for the nearest eight, and one was given. */
  neighboursMissing: "neighbours_missing",
  /** abstain: the score learnt with ids of answers, and no neighbour has one. */
  answersMissing: "answers_missing",
  /** abstain: a prompt or a neighbour's is no text. */
  promptsMissing: "prompts_missing",
  /** abstain: a similarity is no number in [-1, 1], or neighbours don't come nearest first. */
  badSimilarity: "bad_similarity",
  /** abstain: not as many finite features as `pairFeatureNames`. */
  badFeatures: "bad_features",
  /** abstain: the router is switched off, or has no artifact. */
  disabled: "disabled",
  /** abstain: a fault; counted in `router.stats()`. */
  error: "error",
} as const;
export type CacheReason = (typeof CacheReason)[keyof typeof CacheReason] | `guard:${BlockingDifference}`;
