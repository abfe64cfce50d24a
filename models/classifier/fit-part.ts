import { type FeatureMatrix, poolTable } from "./feature-matrix.js";
import type { Penalty } from "./fit-columns.js";
import { type DeepModel, fitDeep } from "./fit-deep.js";
import { fitColumnBlock } from "./fit-linear.js";
import type { Targets } from "./head-loss.js";
import { type LinearInputs, pickDense } from "./linear-inputs.js";
import type { LinearModel } from "./linear-model.js";

/** What the parts of one big ensemble share. */
export interface PartData {
  matrix: FeatureMatrix;
  /** Rows of the matrix to fit to. */
  rows: Int32Array;
  /** Those rows laid out. */
  inputs: LinearInputs;
  /** Of those rows. */
  targets: Targets;
  penalties: readonly Penalty[];
  /** Latent directions that the hidden layer sees; null = no hidden layer. */
  latent: { count: number; directions: Float32Array } | null;
  seed: number;
}

/** A block of the linear members' columns, or the hidden layer. */
export type PartTask = { kind: "linear"; columns: readonly number[] } | { kind: "deep" };

/** The linear members' columns, one model per penalty, or the hidden layer. */
export type PartResult = { kind: "linear"; models: LinearModel[] } | { kind: "deep"; model: DeepModel };

/** Fit one part of an ensemble. TensorFlow.js must have been started.
 * @param onFit called once, at the end */
export function fitPart(data: PartData, task: PartTask, onFit: () => void): PartResult {
  const result: PartResult =
    task.kind === "linear"
      ? {
          kind: "linear",
          models: fitColumnBlock(data.inputs, data.targets, data.penalties, task.columns),
        }
      : { kind: "deep", model: fitDeepPart(data) };
  onFit();
  return result;
}

function fitDeepPart({ matrix, rows, targets, latent, seed }: PartData): DeepModel {
  const { count, directions } = latent!;
  const places = poolTable(matrix, directions, count, rows);
  const features = {
    rows: rows.length,
    buckets: matrix.buckets,
    denseFeatures: matrix.denseFeatures,
    dense: pickDense(matrix, rows),
  };
  return fitDeep(features, targets, { count, directions, places }, seed);
}
