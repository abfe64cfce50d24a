import { pairFeatureNames } from "@signalbox/runtime";
import type {
  CacheCalibrationResult,
  CacheLaterPart,
  CacheSegmentThreshold,
} from "../../datasets/cache-calibration.js";
import type { CacheCalibration } from "../../models/cache/calibrate-cache.js";
import type { SegmentThreshold } from "../../models/cache/certify-segments.js";
import type { CacheCalibrateOptions } from "./calibrate-options.js";
import { exactShare } from "./exact-share.js";
import type { CacheEmbedder } from "./open-cache-embedder.js";

/** What a calibration's document says besides the calibration. */
export interface CalibrationContext {
  options: CacheCalibrateOptions;
  embedder: Pick<CacheEmbedder, "id" | "sha256" | "dim">;
  source: CacheCalibrationResult["source"];
  labelsFrom: CacheCalibrationResult["labels_from"];
  isSimulated: boolean;
  judgeAcceptsHigh: number | null;
  maxEntries: number;
  later: CacheLaterPart | null;
  notes: string[];
}

/** Lay a calibration out as results/cache_calibration.json. */
export function calibrationResult(
  { score, learntFrom, readsAnswers, segments, labelsUsed, labelsForScore }: CacheCalibration,
  { options, embedder, ...context }: CalibrationContext,
): CacheCalibrationResult {
  const { model } = score;
  return {
    schema_version: 1,
    source: context.source,
    alpha: options.alpha,
    delta: options.delta,
    seed: options.seed,
    embedder: { id: embedder.id, sha256: embedder.sha256, dim: embedder.dim },
    score: score.kind,
    model:
      model === null
        ? null
        : { features: [...pairFeatureNames], weights: Array.from(model.weights), bias: model.bias },
    reads_answers: readsAnswers,
    learnt_from: score.kind === "cosine" ? "nothing" : learntFrom,
    labels_from: context.labelsFrom,
    is_simulated: context.isSimulated,
    labels: labelsUsed,
    labels_for_score: labelsForScore,
    judge_accepts_high: context.judgeAcceptsHigh,
    max_entries: context.maxEntries,
    ttl_s: options.ttlS,
    segments: segments.map(thresholdRow),
    later: context.later,
    notes: context.notes,
  };
}

function thresholdRow({ segment, level, certificate, n, note }: SegmentThreshold): CacheSegmentThreshold {
  const isOn = level !== "exact_only";
  return {
    segment,
    level,
    min_score: isOn ? certificate.minScore : null,
    alpha: certificate.alpha,
    delta: certificate.delta,
    n: level === "pooled" ? certificate.n : n,
    errors: certificate.errors,
    allowed_errors: certificate.allowed,
    usr_high: isOn ? certificate.usrHigh : null,
    fhr: isOn
      ? exactShare(certificate.errors, certificate.served, "wrong hits / hits among checked offers")
      : null,
    least_labels: Number.isFinite(certificate.leastLabels) ? certificate.leastLabels : null,
    note,
  };
}
