import { predictTfjs } from "../classifier/predict-tfjs.js";
import { fitRouter } from "../fit-router.js";
import { planSplit } from "../plan-split.js";
import { groupRows } from "../split.js";
import type { Policy } from "./policy.js";
import { qualityTargets } from "./quality-targets.js";

/** Our own classifier as a strategy between many models: one calibrated head per model, fitted to its quality, cross-fitted and
 * exported as `train` does it. */
export const routerPolicy: Policy = {
  name: "router",
  fit: async (train, seed) => {
    const { columns, values, weights } = qualityTargets(train);
    const ofColumn = (all: Float32Array, column: number) =>
      Float64Array.from(train.texts, (_, row) => all[row * columns.length + column]!);
    const groups = groupRows(
      train.texts.map(() => null),
      train.texts,
    );
    const plan = planSplit(
      groups,
      train.texts.map(() => null),
      seed,
    );
    const { weights: model, probabilities } = await fitRouter(
      train.matrix,
      {
        columns: columns.map((loss, column) => ({
          loss,
          values: ofColumn(values, column),
          weights: ofColumn(weights, column),
        })),
        heads: train.quality.map((_, column) => ({
          head: { kind: "sufficiency", model: String(column) },
          terms: [{ column, of: "logit", factor: 1 }],
          calibrate: ofColumn(values, column),
          weights: ofColumn(weights, column),
        })),
        lengths: [],
      },
      groups,
      plan,
      { seed },
    );
    return {
      forecast: async ({ matrix }) => {
        const { offsets, ids, weights, dense, denseFeatures } = matrix;
        const vectors = Array.from({ length: matrix.rows }, (_, row) => ({
          ids: ids.subarray(offsets[row]!, offsets[row + 1]!),
          weights: weights.subarray(offsets[row]!, offsets[row + 1]!),
          dense: dense.subarray(row * denseFeatures, (row + 1) * denseFeatures),
        }));
        const predicted = await predictTfjs(model, vectors);
        return train.quality.map((_, column) =>
          Float64Array.from(predicted, (row) => row.probabilities[column]!),
        );
      },
      heldOut: probabilities,
    };
  },
};
