import { calibratedProbability } from "./calibration/calibration.js";
import { wideDeepLogits } from "./classifier/ensemble.js";
import type { FeatureMatrix } from "./classifier/feature-matrix.js";
import { outputCount, type RouterWeights } from "./router-weights.js";

/** Logits of a router for every row, before mixing and calibration: (rows, columns).
 * @param matrix with dense features as the model reads them, clamped */
export function routerLogits(weights: RouterWeights, matrix: FeatureMatrix): Float32Array {
  const { wideTable, denseWide, bias, hidden, deepTable, denseDeep, deepBias, deepOut } = weights;
  const columns = bias.length;
  const deep =
    hidden === 0
      ? null
      : { columns, hidden, deepTable, denseDeep, deepBias, deepOut, bias: new Float32Array(columns) };
  return wideDeepLogits(matrix, { linear: { columns, wideTable, denseWide, bias }, deep });
}

/** Calibrated probabilities that a router's last layer makes of logits, one array per head.
 * @param logits (rows, columns) */
export function headProbabilities(weights: RouterWeights, logits: Float32Array): Float64Array[] {
  const { heads, mix, shift, knots, bends } = weights;
  const columns = weights.bias.length;
  const outputs = outputCount(weights);
  const perOutput = knots.length / outputs;
  return heads.map((_, head) => {
    const own = (values: Float32Array) =>
      Float64Array.from(values.subarray(head * perOutput, (head + 1) * perOutput));
    const calibration = { scale: 1, shift: shift[head]!, knots: own(knots), bends: own(bends) };
    return Float64Array.from({ length: logits.length / columns }, (__, row) => {
      let score = 0;
      for (let c = 0; c < columns; c++) {
        const logit = logits[row * columns + c]!;
        score += logit * mix[c * outputs + head]!;
        score += (1 / (1 + Math.exp(-logit))) * mix[(columns + c) * outputs + head]!;
      }
      return calibratedProbability(score, calibration);
    });
  });
}
