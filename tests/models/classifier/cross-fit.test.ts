import { beforeAll, describe, expect, test } from "vitest";
import { crossFit } from "../../../models/classifier/cross-fit.js";
import { selectRows } from "../../../models/classifier/feature-matrix.js";
import { leastRowsForGrid, planMembers } from "../../../models/classifier/fit-members.js";
import { startTfjs } from "../../../models/classifier/tfjs.js";
import { accuracy, logisticTargets, plantedTopics } from "./planted-topics.js";

const { matrix, hasFirst, hasSecond } = plantedTopics(1_200, 3);
const folds = Int32Array.from(hasFirst, (_, row) => row % 3);

beforeAll(async () => {
  await startTfjs();
});

describe("cross-fitting", () => {
  test("drops the hidden layer where the truth is linear", async () => {
    const { model, shares, logits } = await crossFit(
      matrix,
      logisticTargets(hasFirst),
      folds,
      planMembers(matrix, 1),
    );
    expect(model.deep).toBeNull();
    expect(shares).toHaveLength(4);
    expect(accuracy(logits, hasFirst)).toBeGreaterThan(0.95);
  });

  test("keeps the hidden layer where only an interaction tells, and predicts by it", async () => {
    const truth = hasFirst.map((value, row) => value !== hasSecond[row]);
    const { model, shares, logits } = await crossFit(
      matrix,
      logisticTargets(truth),
      folds,
      planMembers(matrix, 1),
    );
    expect(model.deep).not.toBeNull();
    expect(shares.at(-1)![0]).toBeGreaterThan(0.5);
    expect(accuracy(logits, truth)).toBeGreaterThan(0.8);
  });

  test("a row's own label moves its logits only through the shares, next to nothing", async () => {
    const small = selectRows(
      matrix,
      Int32Array.from({ length: 120 }, (_, row) => row),
    );
    const truth = hasFirst.slice(0, 120);
    const logitsOf = async (values: boolean[]) =>
      (await crossFit(small, logisticTargets(values), folds.slice(0, 120), planMembers(small, 1))).logits;
    const before = await logitsOf(truth);
    const after = await logitsOf(truth.map((value, row) => (row === 5 ? !value : value)));
    const moved = after.map((logit, row) => Math.abs(logit - before[row]!));
    expect(moved[5]).toBeLessThan(1e-3);
    expect(Math.max(...moved)).toBeGreaterThan(1e-2);
  });
});

test.each([
  [leastRowsForGrid - 1, 10, false],
  [leastRowsForGrid, 1, true],
])("%i rows get n-gram penalties of at least %i, a hidden layer: %s", (rows, least, isDeep) => {
  const some = selectRows(
    matrix,
    Int32Array.from({ length: rows }, (_, row) => row),
  );
  const { penalties, latent } = planMembers(some, 1);
  expect(Math.min(...penalties.flatMap(({ wide }) => wide ?? []))).toBe(least);
  expect(latent !== null).toBe(isDeep);
});
