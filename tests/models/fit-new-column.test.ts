import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import type { FeatureMatrix } from "../../models/classifier/feature-matrix.js";
import { fitNewColumn, leastRowsForNgrams, type NewColumnRows } from "../../models/fit-new-column.js";
import { newColumnLogits } from "../../models/new-column.js";

/** Rows with two known models' quality logits and a third that says nothing; one n-gram is set in half of the rows.
 * @param truth true logit of the new model's quality */
function plantedRows(
  rows: number,
  seed: number,
  truth: (known: readonly [number, number], hasWord: boolean) => number,
): { rows: NewColumnRows; truth: Float32Array; folds: Int32Array } {
  const random = createRandom(seed);
  const logits = Float32Array.from({ length: 3 * rows }, () => 1.5 * random.normal());
  const hasWord = Array.from({ length: rows }, () => random.uniform() < 0.5);
  const matrix: FeatureMatrix = {
    rows,
    buckets: 8,
    denseFeatures: 1,
    offsets: Int32Array.from({ length: rows + 1 }, (_, row) => row),
    ids: Int32Array.from(hasWord, (has) => (has ? 3 : 5)),
    weights: new Float32Array(rows).fill(1),
    dense: Float32Array.from({ length: rows }, () => random.normal()),
  };
  const trueLogits = Float32Array.from(hasWord, (has, row) =>
    truth([logits[row * 3]!, logits[row * 3 + 1]!], has),
  );
  const values = trueLogits.map((logit) => Number(random.uniform() < 1 / (1 + Math.exp(-logit))));
  return {
    rows: { logits, known: [0, 1], matrix, values, weights: new Float32Array(rows).fill(1) },
    truth: trueLogits,
    folds: Int32Array.from(hasWord, (_, row) => row % 5),
  };
}

function meanError(ours: Float32Array, truth: Float32Array): number {
  const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
  return (
    ours.reduce((sum, logit, row) => sum + Math.abs(sigmoid(logit) - sigmoid(truth[row]!)), 0) / ours.length
  );
}

test("labels of a model like the mean of the known ones give about that mean", async () => {
  const { rows, folds } = plantedRows(60, 1, ([a, b]) => (a + b) / 2);
  const { column } = await fitNewColumn(rows, folds);
  expect(column.factors[0]!).toBeGreaterThan(0.25);
  expect(column.factors[1]!).toBeGreaterThan(0.25);
  expect(Math.abs(column.factors[2]!)).toBeLessThan(0.2);
});

test("more labels come closer to a model that follows one of them alone", async () => {
  const truth = ([a]: readonly [number, number]) => 1.2 * a - 0.5;
  const fresh = plantedRows(2_000, 99, truth);
  const errors: number[] = [];
  for (const n of [50, 200, 900]) {
    const { rows, folds } = plantedRows(n, 2, truth);
    const { column } = await fitNewColumn(rows, folds);
    errors.push(meanError(newColumnLogits(column, fresh.rows.logits, fresh.rows.matrix), fresh.truth));
  }
  expect(errors[1]).toBeLessThan(errors[0]!);
  expect(errors[2]).toBeLessThan(errors[1]!);
  expect(errors[2]).toBeLessThan(0.05);
});

test.each([
  [leastRowsForNgrams - 1, false],
  [leastRowsForNgrams, true],
])("with %i rows, n-grams are read: %s", async (n, isRead) => {
  const { rows, folds } = plantedRows(n, 3, (_, hasWord) => (hasWord ? 2 : -2));
  const { column } = await fitNewColumn(rows, folds);
  expect(column.own.wideTable.some((value) => value !== 0)).toBe(isRead);
});

test("a row's own label moves its out-of-fold logit only through the shares, next to nothing", async () => {
  const { rows, folds } = plantedRows(80, 4, ([a]) => a);
  const { outOfFold: before } = await fitNewColumn(rows, folds);
  const values = rows.values.map((value, row) => (row === 5 ? 1 - value : value));
  const { outOfFold: after } = await fitNewColumn({ ...rows, values }, folds);
  const moved = after.map((logit, row) => Math.abs(logit - before[row]!));
  expect(moved[5]).toBeLessThan(Math.max(...moved) / 10);
  expect(Math.max(...moved)).toBeGreaterThan(1e-2);
});

test("the same rows give the same bits", async () => {
  const { rows, folds } = plantedRows(100, 5, ([a]) => a);
  expect(await fitNewColumn(rows, folds)).toEqual(await fitNewColumn(rows, folds));
});
