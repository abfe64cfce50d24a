import { type Calibration, CalibrationMethod, calibratedProbability } from "./calibration.js";
import { fitIsotonic } from "./fit-isotonic.js";
import { fitPlatt } from "./fit-platt.js";
import { fitTemperature } from "./fit-temperature.js";

type Fit = (scores: ArrayLike<number>, targets: ArrayLike<number>, weights: ArrayLike<number>) => Calibration;

const fits: Readonly<Record<CalibrationMethod, Fit>> = {
  temperature: fitTemperature,
  platt: fitPlatt,
  isotonic: fitIsotonic,
};

/** Ten bins of fewer rows than this are more noise than shape. */
const leastRowsForIsotonic = 1_000;

/** A calibration with the held-out loss of each method that was tried. */
export interface ChosenCalibration extends Calibration {
  /** Mean log loss per row, in nats, of each method on folds that it was not fitted to; NaN without rows. */
  losses: Partial<Record<CalibrationMethod, number>>;
}

/** Fit the calibration that predicts best: temperature, Platt or, from 1,000 rows on, isotonic; chosen by log loss on folds that
 * the map was not fitted to, then fitted to all rows. Platt where folds can't tell.
 * @param scores from rows that the model was not trained on
 * @param targets what the probability stands for, in [0, 1]
 * @param weights of rows; 0 masks a row
 * @param folds fold of each row; rows of one session share one */
export function fitCalibration(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  folds: ArrayLike<number>,
): ChosenCalibration {
  const known = Array.from(weights).filter((weight) => weight > 0).length;
  const methods = Object.values(CalibrationMethod).filter(
    (method) => method !== CalibrationMethod.isotonic || known >= leastRowsForIsotonic,
  );
  const losses: ChosenCalibration["losses"] = {};
  for (const method of methods) losses[method] = heldOutLoss(fits[method], scores, targets, weights, folds);
  const best = methods.reduce(
    (a, b) => (losses[b]! < losses[a]! ? b : a),
    CalibrationMethod.platt as CalibrationMethod,
  );
  return { ...fits[best](scores, targets, weights), losses };
}

function heldOutLoss(
  method: Fit,
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  folds: ArrayLike<number>,
): number {
  let loss = 0;
  let total = 0;
  for (const fold of new Set(Array.from(folds))) {
    const inside = Float64Array.from(weights, (weight, i) => (folds[i] === fold ? 0 : weight));
    const map = method(scores, targets, inside);
    for (let i = 0; i < scores.length; i++) {
      if (folds[i] !== fold || !(weights[i]! > 0)) continue;
      const p = Math.min(1 - 1e-12, Math.max(1e-12, calibratedProbability(scores[i]!, map)));
      loss -= weights[i]! * (targets[i]! * Math.log(p) + (1 - targets[i]!) * Math.log(1 - p));
      total += weights[i]!;
    }
  }
  return loss / total;
}
