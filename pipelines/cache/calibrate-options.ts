import { checkNumber } from "../../datasets/check-number.js";
import type { Progress } from "../../datasets/progress.js";
import type { ScoreSource } from "../../models/cache/calibrate-cache.js";
import type { CacheEmbedderOptions } from "./open-cache-embedder.js";

/** How a cache is calibrated. */
export interface CacheCalibrateOptions extends CacheEmbedderOptions {
  /** Most wrong hits, as a share of all requests. */
  alpha: number;
  /** Probability with which a calibration may promise too much. */
  delta: number;
  /** Offers to check at most. */
  labels: number;
  seed: number;
  /** What the score learns from; null = the log's answers where it holds them, else a part of the labels. */
  learnFrom: ScoreSource | null;
  /** Share of the requests, the oldest, to calibrate on; the others show what comes of it. */
  calibrationShare: number;
  /** Life of an entry in seconds; null = for ever. Without times entries don't age. */
  ttlS: number | null;
  onProgress?: Progress;
}

/** Settings of a calibration when none are given. */
export const cacheCalibrateDefaults = {
  alpha: 0.01,
  delta: 0.1,
  labels: 1_000,
  seed: 1,
  calibrationShare: 0.5,
  ttlS: 86_400,
} as const;

/** Numbers of the built-in embedder on a stream: on Banking77 and CLINC150 1,024 certify one to three points more hits than 512
 * (docs/lab-notes.md). A workspace has its replay's embedder. */
export const streamDim = 1_024;

/** @throws {InputError} on an option out of range */
export function checkCalibrateOptions(options: CacheCalibrateOptions): void {
  checkNumber("--alpha", options.alpha, { above: 0, to: 0.5 });
  checkNumber("--delta", options.delta, { above: 0, to: 0.5 });
  checkNumber("--labels", options.labels, { from: 1, isWhole: true });
  checkNumber("--seed", options.seed, { isWhole: true });
  checkNumber("--calibration-share", options.calibrationShare, { above: 0, to: 1 });
  if (options.ttlS !== null) checkNumber("--ttl-s", options.ttlS, { above: 0 });
}
