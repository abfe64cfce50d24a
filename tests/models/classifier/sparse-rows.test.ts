import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import {
  poolColumn,
  poolFourColumns,
  transposeRows,
  viewRows,
} from "../../../models/classifier/sparse-rows.js";
import { plantedTopics } from "./planted-topics.js";

/** Row 0 holds buckets 7 and 2, row 1 bucket 2, row 2 nothing, row 3 buckets 4 and 7. */
const matrix = {
  rows: 4,
  buckets: 8,
  denseFeatures: 1,
  offsets: Int32Array.of(0, 2, 3, 3, 5),
  ids: Int32Array.of(7, 2, 2, 4, 7),
  weights: Float32Array.of(1, 2, 3, 4, 5),
  dense: new Float32Array(4),
};
const everyRow = Int32Array.of(0, 1, 2, 3);

describe("laying rows out by bucket", () => {
  test("lists the requests of each bucket, buckets in order of first occurrence", () => {
    const { byBucket, bucketOf } = transposeRows(viewRows(matrix, everyRow), 8);
    const { starts, ends, ids, weights } = byBucket;
    expect([...bucketOf]).toEqual([7, 2, 4]);
    expect([...bucketOf].map((_, b) => [...ids.subarray(starts[b], ends[b])])).toEqual([[0, 3], [0, 1], [3]]);
    expect([...weights]).toEqual([1, 5, 2, 3, 4]);
  });

  test("of a view numbers requests by their place in it, and leaves other rows' buckets out", () => {
    const { byBucket, bucketOf } = transposeRows(viewRows(matrix, Int32Array.of(1, 0)), 8);
    expect([...bucketOf]).toEqual([2, 7]);
    expect([...byBucket.ids]).toEqual([0, 1, 1]);
    expect([...byBucket.weights]).toEqual([3, 2, 1]);
  });
});

test("pooling sums weight x value of each row; a row without n-grams is 0", () => {
  const out = new Float64Array(4);
  poolColumn(viewRows(matrix, everyRow), Float64Array.of(0, 0, 10, 0, 0.5, 0, 0, 100), out);
  expect([...out]).toEqual([120, 30, 0, 502]);
});

test("four columns side by side have the bits of one after another", () => {
  const topics = plantedTopics(200, 1).matrix;
  const rows = viewRows(
    topics,
    Int32Array.from({ length: 200 }, (_, row) => row),
  );
  const random = createRandom(1);
  const values = Float64Array.from({ length: 4 * topics.buckets }, () => random.normal());
  const together = new Float64Array(4 * 200);
  poolFourColumns(rows, values, together);
  for (let c = 0; c < 4; c++) {
    const alone = new Float64Array(200);
    poolColumn(
      rows,
      values.filter((_, i) => i % 4 === c),
      alone,
    );
    expect(together.filter((_, i) => i % 4 === c)).toEqual(alone);
  }
});
