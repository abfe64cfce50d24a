import type { CachePolicy, CacheSegment } from "../artifact/artifact.js";
import { CacheReason } from "./cache-reason.js";
import { exactText } from "./cache-scope.js";
import { guardPair } from "./compare-prompts.js";
import { findServable, pairFeatureNames, pairFeatures } from "./pair-features.js";
import { type PairModel, scorePair } from "./pair-model.js";
import { PreparedPrompt } from "./prepare-prompt.js";
import type { PromptMemory } from "./prompt-memory.js";
import { type CacheQuestion, type ReadCacheQuestion, readCacheQuestion } from "./read-cache-question.js";

/** Segment of requests that name none. */
export const defaultSegment = "default";

/** What cached answers are decided with. */
export interface CacheRules {
  policy: CachePolicy;
  /** The same-answer score; null where the score is the cosine. */
  model: PairModel | null;
  /** Keeps what was read of cached prompts; without it they are read each time. */
  memory?: PromptMemory;
}

/** Whether to serve a cached answer, and why. */
export interface CacheAnswer {
  decision: "serve" | "miss" | "abstain";
  reason: CacheReason;
  /** Place in `neighbours` of the answer that was decided on, 0 in the single form; null = none was. */
  index: number | null;
  /** Its score; null = none was computed. */
  score: number | null;
  /** Least score at which the segment serves; null = its semantic tier is off. */
  minScore: number | null;
}

/** What cache.json says of a segment, or of "default" where it doesn't name it; null when it names neither. */
export function segmentRule({ segments }: CachePolicy, segment: unknown): CacheSegment | null {
  if (typeof segment === "string" && Object.hasOwn(segments, segment)) return segments[segment]!;
  return Object.hasOwn(segments, defaultSegment) ? segments[defaultSegment]! : null;
}

/** Least score at which the segment serves near answers; null = never. */
export function minScoreOf(rule: CacheSegment | null): number | null {
  return rule === null || rule.unsafe !== null ? null : rule.min_score;
}

/** Decide whether a cached answer may be served: the first of the nearest that the guard lets through, when its score clears the
 * segment's threshold. An equal prompt is served wherever the cache was calibrated. This is what calibration counted errors of; an
 * answer chosen otherwise has no certificate.
 * @param now milliseconds since 1970
 * @see docs/runtime-cache.md */
export function decideCache(rules: CacheRules, question: CacheQuestion, now: number): CacheAnswer {
  const { policy } = rules;
  const rule = segmentRule(policy, question.segment ?? defaultSegment);
  if (rule === null || rule.level === null) return abstain(CacheReason.noThreshold, null);
  const minScore = minScoreOf(rule);
  if (question.features !== undefined)
    return whyOff(rule) ?? scoreFeatures(rules, question.features, minScore!);
  const read = readCacheQuestion(question, {
    ttlS: policy.ttl_s,
    readsAnswers: policy.learnt_answers,
    now,
    prepare: (text) => rules.memory?.prepare(text) ?? new PreparedPrompt(text),
  });
  if (typeof read !== "string") {
    const index = findExact(read);
    if (index !== null) return { decision: "serve", reason: CacheReason.exact, index, score: null, minScore };
  }
  return (
    whyOff(rule) ??
    (typeof read === "string"
      ? abstain(whyUnreadable(rules, question, read), minScore)
      : decideNear(rules, read, minScore!))
  );
}

function abstain(reason: CacheReason, minScore: number | null): CacheAnswer {
  return { decision: "abstain", reason, index: null, score: null, minScore };
}

/** Why a segment's semantic tier is off; null when it is on. */
function whyOff({ unsafe, level, min_score }: CacheSegment): CacheAnswer | null {
  if (unsafe !== null) return abstain(CacheReason.unsafeSegment, null);
  if (level === "exact_only") return abstain(CacheReason.exactOnly, null);
  return min_score === null ? abstain(CacheReason.noThreshold, null) : null;
}

function whyUnreadable(
  { policy }: CacheRules,
  { neighbours }: CacheQuestion,
  reason: CacheReason,
): CacheReason {
  const lacksNeighbours = policy.score === "pair_model" && !Array.isArray(neighbours);
  return lacksNeighbours ? CacheReason.neighboursMissing : reason;
}

function findExact({ asked, neighbours, places }: ReadCacheQuestion): number | null {
  const text = exactText(asked.text);
  const at = neighbours.findIndex(
    ({ prompt }) => prompt.text === asked.text || exactText(prompt.text) === text,
  );
  return at < 0 ? null : places[at]!;
}

function decideNear(rules: CacheRules, read: ReadCacheQuestion, minScore: number): CacheAnswer {
  const { asked, neighbours, places, given, isSingle } = read;
  const { score: kind, learnt_answers: readsAnswers } = rules.policy;
  if (kind === "pair_model" && isSingle) return abstain(CacheReason.neighboursMissing, minScore);
  const miss = (reason: CacheReason): CacheAnswer => ({ ...abstain(reason, minScore), decision: "miss" });
  if (neighbours.length === 0) return miss(given === 0 ? CacheReason.noNeighbours : CacheReason.tooOld);
  if (readsAnswers && neighbours.every(({ answer }) => answer === null))
    return abstain(CacheReason.answersMissing, minScore);
  const at = findServable(asked, neighbours);
  if (at < 0) return miss(`guard:${guardPair(asked, neighbours[0]!.prompt)!}`);
  const score =
    rules.model === null
      ? neighbours[at]!.similarity
      : scorePair(rules.model, pairFeatures(asked, neighbours, at));
  return { ...compareScore(score, minScore), index: places[at]! };
}

function scoreFeatures({ model }: CacheRules, features: ArrayLike<number>, minScore: number): CacheAnswer {
  for (let i = 0; i < pairFeatureNames.length; i++)
    if (!Number.isFinite(features[i])) return abstain(CacheReason.badFeatures, minScore);
  if (features.length !== pairFeatureNames.length) return abstain(CacheReason.badFeatures, minScore);
  return compareScore(model === null ? features[0]! : scorePair(model, features), minScore);
}

function compareScore(score: number, minScore: number): CacheAnswer {
  return score >= minScore
    ? { decision: "serve", reason: CacheReason.aboveThreshold, index: null, score, minScore }
    : { decision: "miss", reason: CacheReason.belowThreshold, index: null, score, minScore };
}
