import { beforeAll, describe, expect, test } from "vitest";
import { type WideDeepModel, wideDeepLogits } from "../../../models/classifier/ensemble.js";
import { selectRows } from "../../../models/classifier/feature-matrix.js";
import { fitManyRows } from "../../../models/classifier/fit-many-rows.js";
import { selectTargets } from "../../../models/classifier/head-loss.js";
import { accuracy, logisticTargets, plantedTopics } from "./planted-topics.js";

const { matrix, hasFirst, hasSecond } = plantedTopics(2_400, 6);
const places = Int32Array.from({ length: 1_800 }, (_, place) => place);
/** Three rows of four are fitted to, in no tidy order; the others are predicted. */
const rows = places.map((place) => 4 * Math.floor(place / 3) + ((place + 1) % 3));
const unseen = Int32Array.from({ length: 600 }, (_, i) => 4 * i + 3);
const sample = places.filter((place) => place % 2 === 0);
const foldOf = sample.map((_, i) => i % 3);
const isOne = hasFirst.map((value, row) => value !== hasSecond[row]);
const targets = selectTargets(logisticTargets(isOne), rows);
const reports: Array<[done: number, total: number]> = [];
let model: WideDeepModel;

beforeAll(async () => {
  model = await fitManyRows({ matrix, rows, targets, sample, foldOf }, 1, (...report) => {
    reports.push(report);
  });
});

describe("fitting to more rows than are cross-fitted", () => {
  test("learns what the sample says needs a hidden layer, and predicts rows that it did not see", () => {
    expect(model.deep).not.toBeNull();
    const logits = wideDeepLogits(selectRows(matrix, unseen), model);
    expect(
      accuracy(
        logits,
        [...unseen].map((row) => isOne[row]!),
      ),
    ).toBeGreaterThan(0.9);
  });

  test("fits to the given rows alone: the matrix of those rows gives the same bits", async () => {
    const own = { matrix: selectRows(matrix, rows), rows: places, targets, sample, foldOf };
    expect(await fitManyRows(own, 1, () => {})).toEqual(model);
  });

  test("reports every fit of the sample, then every part of the fits to all rows", () => {
    const sampleFits = 5 * 4;
    expect(reports.slice(0, sampleFits)).toEqual(
      Array.from({ length: sampleFits }, (_, i) => [i + 1, sampleFits]),
    );
    expect(reports.slice(sampleFits)).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});
