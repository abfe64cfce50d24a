import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import {
  type Ensemble,
  meltEnsemble,
  memberLogits,
  wideDeepLogits,
} from "../../../models/classifier/ensemble.js";
import type { LinearModel } from "../../../models/classifier/linear-model.js";
import { plantedTopics } from "./planted-topics.js";

const { matrix } = plantedTopics(40, 1);
const random = createRandom(1);
const fill = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const columns = 2;
const hidden = 3;

const linear = (): LinearModel => ({
  columns,
  wideTable: fill(matrix.buckets * columns),
  denseWide: fill(2 * columns),
  bias: fill(columns),
});
const members: Ensemble = {
  linear: [linear(), linear()],
  deep: {
    columns,
    hidden,
    deepTable: fill(matrix.buckets * hidden),
    denseDeep: fill(2 * hidden),
    deepBias: fill(hidden),
    deepOut: fill(hidden * columns),
    bias: fill(columns),
  },
};

test.each<[string, Ensemble, number[][]]>([
  [
    "with a hidden layer",
    members,
    [
      [0.5, 0.1],
      [0.2, 0.6],
      [0.3, 0.3],
    ],
  ],
  [
    "of linear members",
    { ...members, deep: null },
    [
      [0.25, 1],
      [0.75, 0],
    ],
  ],
])("an ensemble %s melts into one model that says its members' weighted mean", (_, ensemble, table) => {
  const shares = table.map((row) => Float64Array.from(row));
  const each = memberLogits(matrix, ensemble);
  const melted = wideDeepLogits(matrix, meltEnsemble(ensemble, shares));
  expect(each).toHaveLength(shares.length);
  melted.forEach((logit, i) => {
    const mean = each.reduce((sum, logits, member) => sum + shares[member]![i % columns]! * logits[i]!, 0);
    expect(Math.abs(logit - mean)).toBeLessThan(1e-4);
  });
});
