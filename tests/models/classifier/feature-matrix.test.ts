import { featurise } from "@signalbox/runtime";
import { expect, test } from "vitest";
import { featureMatrix, poolTable, selectRows } from "../../../models/classifier/feature-matrix.js";

const wordOf = (i: number) => String(i * 7919).replace(/\d/g, (digit) => "qetuoadgjl"[Number(digit)]!);
const long = Array.from({ length: 1_500 }, (_, i) => wordOf(i)).join(" ");
const requests = ["Prove it.", long, "", "Write a haiku."].map((prompt) => ({ prompt }));

test("a matrix holds what the featuriser says of each request, however long they are", () => {
  const matrix = featureMatrix(requests);
  expect(matrix.ids.length).toBeGreaterThan(4 * 1_024);
  requests.forEach((request, row) => {
    const { ids, weights, dense } = featurise(request);
    const [start, end] = [matrix.offsets[row], matrix.offsets[row + 1]];
    expect([...matrix.ids.subarray(start, end)]).toEqual([...ids]);
    expect([...matrix.weights.subarray(start, end)]).toEqual([...weights]);
    const width = matrix.denseFeatures;
    expect([...matrix.dense.subarray(row * width, (row + 1) * width)]).toEqual([...dense]);
  });
});

test("pooling some rows says what pooling the matrix of those rows says", () => {
  const matrix = featureMatrix(requests);
  const table = Float32Array.from({ length: matrix.buckets * 2 }, (_, i) => Math.sin(i));
  const rows = Int32Array.of(3, 0);
  expect(poolTable(matrix, table, 2, rows)).toEqual(poolTable(selectRows(matrix, rows), table, 2));
});
