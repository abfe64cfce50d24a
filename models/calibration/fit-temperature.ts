import { type Calibration, CalibrationMethod } from "./calibration.js";

const least = 0.25;

/** Fit one temperature to held-out logits by weighted log loss: Newton's method on the scale, which is 1 / temperature and at
 * least 0.25, as in Platt scaling. A weak prior worth about one row holds it near 1.
 * @param logits natural-log scale, from rows that the model was not trained on
 * @param targets in [0, 1]
 * @see Guo et al. 2017, On Calibration of Modern Neural Networks, sec. 4.2 */
export function fitTemperature(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
): Calibration {
  let scale = 1;
  for (let step = 0; step < 50; step++) {
    let gradient = priorPrecision * (scale - 1);
    let curve = priorPrecision;
    for (let i = 0; i < logits.length; i++) {
      const logit = logits[i]!;
      const probability = 1 / (1 + Math.exp(-logit * scale));
      gradient += weights[i]! * (probability - targets[i]!) * logit;
      curve += weights[i]! * Math.max(probability * (1 - probability), 1e-9) * logit * logit;
    }
    const move = gradient / curve;
    scale = Math.max(least, scale - Math.sign(move) * Math.min(Math.abs(move), 2));
    if (Math.abs(move) < 1e-10) break;
  }
  const none = new Float64Array(0);
  return { method: CalibrationMethod.temperature, scale, shift: 0, knots: none, bends: none };
}

const priorPrecision = 0.25;
