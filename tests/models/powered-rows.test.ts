import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { poweredRows } from "../../models/statistics/powered-rows.js";
import { predictionPowered } from "../../models/statistics/prediction-powered.js";

/** 300 rows in 100 sessions, a third of them measured with unequal weights. */
function sample(predict: (truth: number, noise: number) => number) {
  const random = createRandom(3);
  const truth = Array.from({ length: 300 }, () => random.uniform());
  const labelled = [...truth.keys()].filter((row) => random.uniform() < (row % 2 === 0 ? 0.5 : 0.2));
  return {
    rows: Int32Array.from(truth.keys()),
    clusters: Int32Array.from(truth, (_, row) => Math.floor(row / 3)),
    clusterCount: 100,
    strata: new Int32Array(300),
    strataCount: 1,
    predictions: Float64Array.from(truth, (value) => predict(value, random.uniform())),
    labelled: {
      rows: Int32Array.from(labelled),
      values: Float64Array.from(labelled, (row) => truth[row]!),
      weights: Float64Array.from(labelled, (row) => (row % 2 === 0 ? 2 : 5)),
    },
  };
}

test("the mean is the PPI++ estimate, with the same lambda", () => {
  const input = sample((truth, noise) => 0.3 + 0.5 * truth + 0.2 * noise);
  const { values, strata } = poweredRows(input);
  const { labelled, clusters, predictions } = input;
  const reference = predictionPowered({
    predictions,
    weights: new Float64Array(300).fill(1),
    clusters,
    ratings: Array.from(labelled.rows, (row, i) => ({
      row,
      value: labelled.values[i]!,
      inclusion: 1 / labelled.weights[i]!,
    })),
  })!;
  expect(values.reduce((sum, value) => sum + value, 0) / 300).toBeCloseTo(reference.value, 10);
  expect(strata[0]!.lambda).toBeCloseTo(reference.lambda, 10);
  expect(strata[0]!.labelled).toBe(labelled.rows.length);
});

test("a prediction that says nothing is not leant on", () => {
  const { strata } = poweredRows(sample((_, noise) => noise));
  expect(strata[0]!.lambda).toBeLessThan(0.3);
});

test("strata without labels keep their predictions, rows that don't count stay unknown", () => {
  const { values, strata } = poweredRows({
    rows: Int32Array.of(0, 1, 3),
    clusters: Int32Array.of(0, 1, 2, 3),
    clusterCount: 4,
    strata: new Int32Array(4),
    strataCount: 1,
    predictions: Float64Array.of(0.1, 0.2, 0.3, 0.4),
    labelled: { rows: Int32Array.of(1), values: Float64Array.of(1), weights: Float64Array.of(1) },
  });
  expect(Array.from(values)).toEqual([0.1, 0.2, Number.NaN, 0.4]);
  expect(strata[0]!.lambda).toBeNull();
});

test("equal measured values don't make the answer certain", () => {
  const input = sample((truth) => truth);
  input.labelled.values.fill(0);
  const { values, strata } = poweredRows(input);
  expect(strata[0]!.lambda).toBe(1);
  expect(new Set(values).size).toBeGreaterThan(2);
});
