import { describe, expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import type { FeatureVector } from "../src/features/featurise.js";
import type { RouterModel } from "../src/model/onnx-decode.js";
import { createScalarPool } from "../src/model/pool-scalar.js";
import { createSimdPool } from "../src/model/pool-simd.js";

const buckets = 500;

function randomModel(columns: number, hidden: number): RouterModel {
  const random = createRandom(columns + hidden);
  const fill = (size: number) => Float32Array.from({ length: size }, () => random.normal());
  const none = new Float32Array(0);
  return {
    buckets,
    denseFeatures: 0,
    hidden,
    columns,
    probabilities: 1,
    lengthQuantiles: 0,
    wideTable: fill(buckets * columns),
    denseWide: none,
    deepTable: fill(buckets * hidden),
    denseDeep: none,
    deepBias: new Float32Array(hidden),
    deepOut: new Float32Array(hidden * columns),
    bias: new Float32Array(columns),
    mix: new Float32Array(2 * columns),
    shift: new Float32Array(1),
    knots: none,
    bends: none,
    metadata: {},
  };
}

/** Ids from the highest down, so that the table's last row is read; weights of a Euclidean length below 1, like the featuriser's. */
function bagOf(size: number): FeatureVector {
  const random = createRandom(size);
  return {
    ids: Int32Array.from({ length: size }, (_, i) => buckets - 1 - i),
    weights: Float32Array.from({ length: size }, () => random.uniform() / Math.sqrt(size)),
    dense: new Float32Array(0),
  };
}

function expectedSums(model: RouterModel, { ids, weights }: FeatureVector): number[] {
  const column = (table: Float32Array, width: number, k: number) =>
    ids.reduce((sum, id, i) => sum + weights[i]! * table[id * width + k]!, 0);
  return [
    ...Array.from({ length: model.columns }, (_, k) => column(model.wideTable, model.columns, k)),
    ...Array.from({ length: model.hidden }, (_, h) => column(model.deepTable, model.hidden, h)),
  ];
}

describe.each([
  { columns: 1, hidden: 0 },
  { columns: 4, hidden: 0 },
  { columns: 9, hidden: 0 },
  { columns: 9, hidden: 16 },
  { columns: 10, hidden: 54 },
  { columns: 12, hidden: 520 },
])("$columns logits and $hidden hidden units", ({ columns, hidden }) => {
  const model = randomModel(columns, hidden);

  test.each([
    ["WebAssembly", createSimdPool(model)],
    ["plain JavaScript", createScalarPool(model)],
  ])("are pooled in %s as their definition says", (_, pool) => {
    // A long bag, an empty one and a short one: nothing of one call stays in the next.
    for (const size of [buckets, 0, 1, 127, 128, 129]) {
      const bag = bagOf(size);
      const sums = pool!(bag);
      expectedSums(model, bag).forEach((wanted, k) => {
        expect(Math.abs(sums[k]! - wanted)).toBeLessThan(1e-6);
      });
    }
  });
});

test("without memory for the table there is no WebAssembly pool, and no error", () => {
  const model = { ...randomModel(1, 0), buckets: 2 ** 31 };
  expect(createSimdPool(model)).toBeNull();
});
