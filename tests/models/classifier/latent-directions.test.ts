import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import type { FeatureMatrix } from "../../../models/classifier/feature-matrix.js";
import { latentDirections } from "../../../models/classifier/latent-directions.js";

const rows = 150;
const buckets = 64;
const rank = 3;

/** Every row is a mixture of three unit vectors, disjoint sets of buckets, plus a little noise. */
function plantedMatrix(): { matrix: FeatureMatrix; planted: Float64Array[] } {
  const random = createRandom(1);
  const planted = Array.from({ length: rank }, (_, k) =>
    Float64Array.from({ length: buckets }, (_, b) => (b % 4 === k ? 0.25 : 0)),
  );
  const weights = new Float32Array(rows * buckets);
  for (let row = 0; row < rows; row++) {
    const amounts = planted.map((_, k) => (3 - k) * random.normal());
    for (let b = 0; b < buckets; b++) {
      weights[row * buckets + b] =
        amounts.reduce((sum, amount, k) => sum + amount * planted[k]![b]!, 0) + 0.01 * random.normal();
    }
  }
  const matrix = {
    rows,
    buckets,
    denseFeatures: 1,
    offsets: Int32Array.from({ length: rows + 1 }, (_, row) => row * buckets),
    ids: Int32Array.from(weights, (_, i) => i % buckets),
    weights,
    dense: new Float32Array(rows),
  };
  return { matrix, planted };
}

const { matrix, planted } = plantedMatrix();

test("latent directions span a planted low-rank structure", () => {
  const found = latentDirections(matrix, rank, 1);
  for (const direction of planted) {
    let inside = 0;
    for (let k = 0; k < rank; k++) {
      const along = direction.reduce((sum, value, b) => sum + value * found[b * rank + k]!, 0);
      inside += along * along;
    }
    expect(inside).toBeGreaterThan(0.999);
  }
});

test("latent directions are orthonormal", () => {
  const count = 8;
  const found = latentDirections(matrix, count, 2);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let i = 0; i < buckets; i++) product += found[i * count + a]! * found[i * count + b]!;
      expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
    }
  }
});

test("directions beyond the rank of the requests are zero, not noise", () => {
  const twoRows = { ...matrix, rows: 2, offsets: matrix.offsets.slice(0, 3) };
  const found = latentDirections(twoRows, 4, 1);
  const length = (k: number) => Math.hypot(...Array.from({ length: buckets }, (_, b) => found[b * 4 + k]!));
  expect([0, 1, 2, 3].map((k) => Math.round(length(k)))).toEqual([1, 1, 0, 0]);
});

test("the same seed gives the same bytes, another seed gives others", () => {
  const bytes = (seed: number) => Buffer.from(latentDirections(matrix, rank, seed).buffer);
  expect(bytes(7).equals(bytes(7))).toBe(true);
  expect(bytes(7).equals(bytes(8))).toBe(false);
});
