import { beforeAll, expect, test } from "vitest";
import { poolTable } from "../../../models/classifier/feature-matrix.js";
import { type DeepModel, deepLogits, fitDeep } from "../../../models/classifier/fit-deep.js";
import { fitLinearPath } from "../../../models/classifier/fit-linear.js";
import { latentDirections } from "../../../models/classifier/latent-directions.js";
import { linearLogits } from "../../../models/classifier/linear-model.js";
import { startTfjs } from "../../../models/classifier/tfjs.js";
import { accuracy, logisticTargets, plantedTopics } from "./planted-topics.js";

const count = 8;
const seen = plantedTopics(3_000, 1);
const unseen = plantedTopics(1_000, 2);
const exclusiveOr = ({ hasFirst, hasSecond }: typeof seen) => hasFirst.map((a, row) => a !== hasSecond[row]);
const targets = logisticTargets(exclusiveOr(seen));
const directions = latentDirections(seen.matrix, count, 1);
const latent = { count, directions, places: poolTable(seen.matrix, directions, count) };
let model: DeepModel;

beforeAll(async () => {
  await startTfjs();
  model = fitDeep(seen.matrix, targets, latent, 1);
});

test("the hidden layer learns an interaction of two topics that no linear model can", () => {
  const [linear] = fitLinearPath(seen.matrix, targets, [{ wide: 1, dense: 100 }]);
  expect(accuracy(linearLogits(unseen.matrix, linear!), exclusiveOr(unseen))).toBeLessThan(0.6);
  expect(accuracy(deepLogits(unseen.matrix, model), exclusiveOr(unseen))).toBeGreaterThan(0.95);
});

test("folded into a table over buckets, the layer says what it says through the directions", () => {
  const { hidden, deepTable, denseDeep, deepBias, deepOut, bias } = model;
  const { matrix } = unseen;
  const inputs = poolTable(matrix, directions, count);
  const along = new Float64Array(count * hidden);
  deepTable.forEach((value, i) => {
    const bucket = Math.floor(i / hidden);
    for (let j = 0; j < count; j++)
      along[j * hidden + (i % hidden)]! += directions[bucket * count + j]! * value;
  });
  const folded = deepLogits(matrix, model);
  for (let row = 0; row < matrix.rows; row++) {
    let logit = bias[0]!;
    for (let h = 0; h < hidden; h++) {
      let sum = deepBias[h]!;
      for (let j = 0; j < count; j++) sum += inputs[row * count + j]! * along[j * hidden + h]!;
      for (let j = 0; j < 2; j++) sum += matrix.dense[row * 2 + j]! * denseDeep[j * hidden + h]!;
      logit += Math.max(0, sum) * deepOut[h]!;
    }
    expect(Math.abs(folded[row]! - logit)).toBeLessThan(1e-5);
  }
});

test("the same seed gives the same bits, another seed another layer", () => {
  expect(fitDeep(seen.matrix, targets, latent, 1)).toEqual(model);
  expect(fitDeep(seen.matrix, targets, latent, 2).deepOut).not.toEqual(model.deepOut);
});
