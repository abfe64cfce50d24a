import { type AffineCalibration, calibratedProbability, fitPlatt } from "./fit-platt.js";

/** Calibrated probability of every row, each by a calibration that was fitted without the row's own fold.
 * @param logits out-of-fold logits
 * @param targets what the probabilities stand for, in [0, 1]
 * @param weights 0 masks a row from fitting */
export function crossCalibrate(
  logits: Float64Array,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  folds: Int32Array,
): Float64Array {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const calibrations: AffineCalibration[] = Array.from({ length: count }, (_, fold) =>
    fitPlatt(
      logits,
      targets,
      Float64Array.from(folds, (other, i) => (other === fold ? 0 : weights[i]!)),
    ),
  );
  return logits.map((logit, i) => calibratedProbability(logit, calibrations[folds[i]!]!));
}
