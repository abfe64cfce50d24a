import { beforeAll, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { columnBlocks, fitLinearPath } from "../../../models/classifier/fit-linear.js";
import { selectColumn, type Targets } from "../../../models/classifier/head-loss.js";
import { joinColumns } from "../../../models/classifier/linear-model.js";
import { startTfjs } from "../../../models/classifier/tfjs.js";
import { plantedTopics } from "./planted-topics.js";

const { matrix, hasFirst, hasSecond } = plantedTopics(300, 4);
const penalties = [
  { wide: null, dense: 100 },
  { wide: 3, dense: 100 },
];

/** Columns that converge after different numbers of steps. */
function sixColumns(): Targets {
  const random = createRandom(5);
  const rows = hasFirst.map((first, row) => [
    Number(first),
    Number(hasSecond[row]),
    Number(random.uniform() < 0.5),
    Number(first && hasSecond[row]),
    Number(first) + random.normal(),
    Number(random.uniform() < 0.1),
  ]);
  return {
    columns: rows[0]!.map((_, c) => (c === 4 ? { kind: "quantile", level: 0.9 } : { kind: "logistic" })),
    values: Float32Array.from(rows.flat()),
    weights: new Float32Array(rows.length * 6).fill(1),
  };
}

beforeAll(async () => {
  await startTfjs();
});

test("a column has the same bits whatever columns are fitted beside it", () => {
  const targets = sixColumns();
  const together = fitLinearPath(matrix, targets, penalties);
  const alone = targets.columns.map((_, c) => fitLinearPath(matrix, selectColumn(targets, c), penalties));
  together.forEach((model, at) => {
    expect(model).toEqual(joinColumns(alone.map((models) => models[at]!)));
  });
  expect(together[0]!.wideTable.every((weight) => weight === 0)).toBe(true);
  expect(together[1]!.wideTable.some((weight) => weight !== 0)).toBe(true);
});

test("columns are fitted four at a time", () => {
  expect(columnBlocks(6)).toEqual([
    [0, 1, 2, 3],
    [4, 5],
  ]);
});
