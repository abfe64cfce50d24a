import type { FeatureVector } from "../features/featurise.js";
import type { Engine, Prediction } from "./engine.js";
import type { RouterModel } from "./onnx-decode.js";
import type { Pool } from "./pool.js";
import { createScalarPool } from "./pool-scalar.js";
import { createSimdPool } from "./pool-simd.js";

/** Build the engine that needs nothing but this package.
 * @param pool sums the table rows; the fastest that runs here when absent */
export function createKernel(
  model: RouterModel,
  pool: Pool = createSimdPool(model) ?? createScalarPool(model),
): Engine {
  const { hidden, denseFeatures, columns } = model;

  function predict(features: FeatureVector): Prediction {
    const { dense } = features;
    const sums = pool(features);
    for (let f = 0; f < denseFeatures; f++) {
      const value = dense[f]!;
      if (value === 0) continue;
      addScaledRow(model.denseWide, f * columns, columns, value, sums, 0);
      addScaledRow(model.denseDeep, f * hidden, hidden, value, sums, columns);
    }
    for (let h = 0; h < hidden; h++) {
      const activation = sums[columns + h]! + model.deepBias[h]!;
      if (activation > 0) addScaledRow(model.deepOut, h * columns, columns, activation, sums, 0);
    }
    return mixOutputs(model, sums);
  }

  return { name: "kernel", isDeterministic: true, predict };
}

function addScaledRow(
  matrix: Float32Array,
  from: number,
  length: number,
  factor: number,
  sums: Float64Array,
  to: number,
): void {
  for (let j = 0; j < length; j++) sums[to + j]! += factor * matrix[from + j]!;
}

function mixOutputs(model: RouterModel, sums: Float64Array): Prediction {
  const { columns, mix, shift } = model;
  const outputs = shift.length;
  const scores = Float64Array.from(shift);
  for (let k = 0; k < columns; k++) {
    const logit = sums[k]! + model.bias[k]!;
    const activated = sigmoid(logit);
    for (let o = 0; o < outputs; o++) {
      scores[o]! += logit * mix[k * outputs + o]! + activated * mix[(columns + k) * outputs + o]!;
    }
  }
  bendScores(model, scores);
  return {
    probabilities: scores.subarray(0, model.probabilities).map(sigmoid),
    lengthQuantiles: scores.slice(model.probabilities),
  };
}

function bendScores({ knots, bends }: RouterModel, scores: Float64Array): void {
  const perOutput = knots.length / scores.length;
  for (let o = 0; o < scores.length; o++) {
    const score = scores[o]!;
    for (let j = o * perOutput; j < (o + 1) * perOutput; j++) {
      scores[o]! += bends[j]! * Math.max(0, score - knots[j]!);
    }
  }
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
