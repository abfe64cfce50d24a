import { type Calibration, CalibrationMethod } from "./calibration.js";

/** Fit Platt scaling to held-out logits by weighted log loss, Newton's method. A weak prior worth about one row holds
 * the map near the identity, so that few rows or one class give a mild answer and not an infinite one. A slope
 * below 0.25, which would flatten the ranking or turn it round, becomes 0.25 with the shift fitted to it.
 * @param logits natural-log scale, from rows that the model was not trained on
 * @param targets in [0, 1]
 * @param weights of rows; 1 when absent
 * @see Platt 1999; Guo et al. 2017, On Calibration of Modern Neural Networks, sec. 4.2 */
export function fitPlatt(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Calibration {
  const free = newton(logits, targets, weights, false);
  const map = free.scale > minimumScale ? free : newton(logits, targets, weights, true);
  return { method: CalibrationMethod.platt, ...map, knots: none, bends: none };
}

const none = new Float64Array(0);

const minimumScale = 0.25;

function newton(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  isFlat: boolean,
): { scale: number; shift: number } {
  let scale = isFlat ? minimumScale : 1;
  let shift = 0;
  for (let step = 0; step < 100; step++) {
    let gradientScale = priorPrecision * (scale - 1);
    let gradientShift = priorPrecision * shift;
    let curveScale = priorPrecision;
    let curveShift = priorPrecision;
    let curveBoth = 0;
    for (let i = 0; i < logits.length; i++) {
      const weight = weights?.[i] ?? 1;
      const logit = logits[i]!;
      const probability = 1 / (1 + Math.exp(-(logit * scale + shift)));
      const error = weight * (probability - targets[i]!);
      const curve = weight * Math.max(probability * (1 - probability), 1e-9);
      gradientScale += error * logit;
      gradientShift += error;
      curveScale += curve * logit * logit;
      curveBoth += curve * logit;
      curveShift += curve;
    }
    const determinant = isFlat ? curveShift : curveScale * curveShift - curveBoth * curveBoth;
    const stepScale = isFlat ? 0 : (curveShift * gradientScale - curveBoth * gradientShift) / determinant;
    const stepShift = isFlat
      ? gradientShift / determinant
      : (curveScale * gradientShift - curveBoth * gradientScale) / determinant;
    const damping = Math.min(1, 2 / Math.max(Math.abs(stepScale), Math.abs(stepShift), 1e-12));
    scale -= damping * stepScale;
    shift -= damping * stepShift;
    if (Math.abs(stepScale) + Math.abs(stepShift) < 1e-10) break;
  }
  return { scale, shift };
}

const priorPrecision = 0.25;
