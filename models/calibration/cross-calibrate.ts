import { calibratedProbability } from "./calibration.js";
import { fitCalibration } from "./fit-calibration.js";

/** Calibrated probability of every row, each by a calibration that was chosen and fitted without the row's own fold.
 * @param scores out-of-fold scores
 * @param targets what the probabilities stand for, in [0, 1]
 * @param weights 0 masks a row from fitting */
export function crossCalibrate(
  scores: Float64Array,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  folds: Int32Array,
): Float64Array {
  const maps = new Map(
    [...new Set(folds)].map((fold) => {
      const others = Float64Array.from(folds, (other, i) => (other === fold ? 0 : weights[i]!));
      return [fold, fitCalibration(scores, targets, others, folds)] as const;
    }),
  );
  return scores.map((score, i) => calibratedProbability(score, maps.get(folds[i]!)!));
}
