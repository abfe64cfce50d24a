export { decisionHeaders, isOptedOut } from "./adapters/decision-headers.js";
export { looksLikeModelCall } from "./adapters/http/looks-like-model-call.js";
export * from "./artifact/artifact.js";
export { ArtifactError, ArtifactFault } from "./artifact/artifact-error.js";
export type { ArtifactBytes } from "./artifact/artifact-source.js";
export type { EngineFactory } from "./artifact/load-artifact.js";
export { type LoadRouterOptions, loadRouter, type RouterSource } from "./artifact/load-router.js";
export * from "./artifact/operating-policy.js";
export { readPolicy } from "./artifact/read-artifact-json.js";
export { goldenCacheRow } from "./artifact/replay-golden-cache.js";
export { answerId } from "./cache/answer-id.js";
export { type CacheAnswer, type CacheRules, decideCache } from "./cache/cache-decision.js";
export { type CacheKey, type CacheKeyOptions, cacheKey } from "./cache/cache-key.js";
export { CacheReason } from "./cache/cache-reason.js";
export {
  hashExact,
  hashScope,
  SCOPE_VERSION,
  type ScopePart,
  type ScopeParts,
  scopeParts,
} from "./cache/cache-scope.js";
export { type CacheableParts, NeverCache, neverCacheReasons } from "./cache/cacheability.js";
export { canonicalJson } from "./cache/canonical-json.js";
export {
  type BlockingDifference,
  blockingDifferences,
  comparePrompts,
  differenceCodes,
  differenceVector,
  guardPair,
  type PromptDifferences,
  promptDifferenceNames,
} from "./cache/compare-prompts.js";
export { type DriftAlarm, openDriftAlarm } from "./cache/drift-alarm.js";
export {
  type CachedNeighbour,
  findServable,
  neighboursRead,
  pairFeatureNames,
  pairFeatures,
} from "./cache/pair-features.js";
export { decodePairModel, type PairModel, scorePair } from "./cache/pair-model.js";
export { PreparedPrompt, preparePrompt } from "./cache/prepare-prompt.js";
export type { CacheQuestion, GivenNeighbour } from "./cache/read-cache-question.js";
export { type Embedder, scaleToUnit } from "./embed/embedder.js";
export { countTokens, tokenWeight } from "./embed/embedding-tokens.js";
export { hashedEmbedder } from "./embed/hashed-embedder.js";
export {
  createRowVisitor,
  type EmbedderHeader,
  embedderHeaderStart,
  embedderMagic,
  embedderVersion,
  type RowVisitor,
  readStaticEmbedder,
  type StaticEmbedder,
} from "./embed/static-embedder.js";
export { clampDense } from "./features/clamp-dense.js";
export {
  compileDistribution,
  type DistributionScore,
  type DistributionScorer,
  meanRarity,
  rarestLevel,
  scoreDistribution,
} from "./features/distribution-score.js";
export { FEATURISER, type FeatureVector, featurise, featuriseRead } from "./features/featurise.js";
export { capText, textCap } from "./features/normalise-text.js";
export type { Reload, ReloadCounts } from "./life/reloader.js";
export type { Schedule } from "./life/schedule.js";
export type { DecisionSink } from "./log/decision-log.js";
export {
  type AttemptRecord,
  type CallResult,
  DECISION_RECORD_VERSION,
  type DecisionRecord,
  type RecordedUsage,
} from "./log/decision-record.js";
export type { Engine, Prediction } from "./model/engine.js";
export { createKernel } from "./model/kernel.js";
export { decodeOnnx, type RouterModel } from "./model/onnx-decode.js";
export { createScalarPool } from "./model/pool-scalar.js";
export { type ReadRequest, readRequest } from "./request/read-request.js";
export * from "./request/request.js";
export { type Choice, type ChoiceInput, chooseModel } from "./router/choose-model.js";
export { classifyError } from "./router/classify-error.js";
export { type Candidate, type CompiledPolicy, compilePolicy } from "./router/compile-policy.js";
export { type CompiledRule, compileRules, findRule } from "./router/compile-rules.js";
export { type Decision, Reason } from "./router/decision.js";
export { thresholdsFor } from "./router/dial.js";
export { callCost, estimateTokens } from "./router/expected-cost.js";
export { defaultFallbacks, fallbacksAfter } from "./router/fallbacks-after.js";
export { failedConstraint, failedPermission } from "./router/hard-constraints.js";
export { modelFamily } from "./router/model-family.js";
export { narrowModels } from "./router/narrow-models.js";
export { noWishes, readWishes, type Wishes } from "./router/read-wishes.js";
export type { Router } from "./router/router.js";
export type { RouterStats } from "./router/router-options.js";
export { sampleShadow } from "./router/shadow-sample.js";
export {
  SHADOW_PAIR_VERSION,
  type ShadowPairRecord,
  type ShadowSide,
  ShadowStatus,
} from "./shadow/shadow-pair.js";
