export { answerId } from "./answer-id.js";
export * from "./artifact.js";
export { ArtifactError, ArtifactFault } from "./artifact-error.js";
export { type CacheAnswer, type CacheRules, decideCache } from "./cache-decision.js";
export { type CacheKey, type CacheKeyOptions, cacheKey } from "./cache-key.js";
export { CacheReason } from "./cache-reason.js";
export {
  hashExact,
  hashScope,
  SCOPE_VERSION,
  type ScopePart,
  type ScopeParts,
  scopeParts,
} from "./cache-scope.js";
export { type CacheableParts, NeverCache, neverCacheReasons } from "./cacheability.js";
export { canonicalJson } from "./canonical-json.js";
export { type Choice, type ChoiceInput, chooseModel } from "./choose-model.js";
export { clampDense } from "./clamp-dense.js";
export {
  type BlockingDifference,
  blockingDifferences,
  comparePrompts,
  differenceCodes,
  differenceVector,
  guardPair,
  type PromptDifferences,
  promptDifferenceNames,
} from "./compare-prompts.js";
export { type Candidate, type CompiledPolicy, compilePolicy } from "./compile-policy.js";
export { type Decision, Reason } from "./decision.js";
export type { DecisionSink } from "./decision-log.js";
export {
  type CallResult,
  DECISION_RECORD_VERSION,
  type DecisionRecord,
  decisionRecordFields,
  type RecordedUsage,
} from "./decision-record.js";
export {
  compileDistribution,
  type DistributionScore,
  type DistributionScorer,
  meanRarity,
  rarestLevel,
  scoreDistribution,
} from "./distribution-score.js";
export { type DriftAlarm, openDriftAlarm } from "./drift-alarm.js";
export { type Embedder, scaleToUnit } from "./embedder.js";
export { countTokens, tokenWeight } from "./embedding-tokens.js";
export type { Engine, Prediction } from "./engine.js";
export { FEATURISER, type FeatureVector, featurise, featuriseRead } from "./featurise.js";
export { hashedEmbedder } from "./hashed-embedder.js";
export { createKernel } from "./kernel.js";
export { type EngineFactory, type LoadRouterOptions, loadRouter } from "./load-router.js";
export { modelFamily } from "./model-family.js";
export { decodeOnnx, type RouterModel } from "./onnx-decode.js";
export {
  type CachedNeighbour,
  findServable,
  neighboursRead,
  pairFeatureNames,
  pairFeatures,
} from "./pair-features.js";
export { decodePairModel, type PairModel, scorePair } from "./pair-model.js";
export { createScalarPool } from "./pool-scalar.js";
export { PreparedPrompt, preparePrompt } from "./prepare-prompt.js";
export type { CacheQuestion, GivenNeighbour } from "./read-cache-question.js";
export { type ReadRequest, readRequest } from "./read-request.js";
export { goldenCacheRow } from "./replay-golden-cache.js";
export * from "./request.js";
export type { Router } from "./router.js";
export type { RouterStats } from "./router-options.js";
export { sampleShadow } from "./shadow-sample.js";
export {
  createRowVisitor,
  type EmbedderHeader,
  embedderHeaderStart,
  embedderMagic,
  embedderVersion,
  type RowVisitor,
  readStaticEmbedder,
  type StaticEmbedder,
} from "./static-embedder.js";
