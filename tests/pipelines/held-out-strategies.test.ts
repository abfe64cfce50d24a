import { expect, test } from "vitest";
import type { ModelChoice } from "../../pipelines/train/choose-models.js";
import type { HeldOut } from "../../pipelines/train/held-out-rows.js";
import { baselineNotes, heldOutStrategies } from "../../pipelines/train/held-out-strategies.js";

const model = (name: string, meanQuality: number, meanCostUsd: number) => ({
  model: name,
  meanQuality,
  meanCostUsd,
  costSource: "given" as const,
});
const choice: ModelChoice = {
  candidates: [model("small", 0.5, 1)],
  strong: model("large", 0.75, 3),
  excluded: [],
};

/** Four rows: both right, only large, only large, only small. */
const heldOut: HeldOut = {
  sufficiency: [Float64Array.of(0.9, 0.1, 0.8, 0.7)],
  probabilities: [Float64Array.of(0.9, 0.1, 0.8, 0.7)],
  crossCalibrated: [Float64Array.of(0.9, 0.1, 0.8, 0.7)],
  targets: [Float64Array.of(1, 0, 0, 1)],
  quality: [Float64Array.of(1, 0, 0, 1)],
  strongQuality: Float64Array.of(1, 1, 1, 0),
  correction: "",
  costs: [Float64Array.of(1, 1, 1, 1), Float64Array.of(3, 3, 3, 3)],
  clusters: Int32Array.of(0, 1, 2, 3),
  weights: Float64Array.of(1, 1, 1, 1),
  rows: Int32Array.of(0, 1, 2, 3),
};

const rows = new Map(
  heldOutStrategies(heldOut, choice, 0.5, {
    length: Float64Array.of(40, 30, 20, 10),
    knn: Float64Array.of(0, 0.2, 0.5, 0.1),
  }).map((row) => [row.strategy, row]),
);

test.each([
  ["always_strong", 12, 1, 1],
  ["router", 6, 1, 0.25],
  ["cost_matched_random", 6, 2.25 / 3, 0.25],
  ["length", 6, 2 / 3, 0.25],
  ["knn", 6, 1, 0.25],
  ["always_small", 4, 2 / 3, 0],
  ["oracle", 8, 4 / 3, 0.5],
])("%s costs, keeps and sends what can be counted by hand", (strategy, usd, retention, share) => {
  const row = rows.get(strategy)!;
  expect(row.usd.value).toBeCloseTo(usd, 12);
  expect(row.retention!.value).toBeCloseTo(retention, 12);
  expect(row.strong_share).toBeCloseTo(share, 12);
});

test("what a budget can't pay whole is paid in part", () => {
  const router = { ...heldOut, costs: [heldOut.costs[0]!, Float64Array.of(4, 2, 3, 3)] };
  const paid = heldOutStrategies(router, choice, 0.5, {
    length: Float64Array.of(9, 1, 2, 3),
    knn: heldOut.weights,
  });
  const length = paid.find(({ strategy }) => strategy === "length")!;
  expect(length.usd.value).toBeCloseTo(5, 12);
  expect(length.strong_share).toBeCloseTo(1 / 12, 12);
});

test("a router that sends everything to the strong model is matched by sending everything", () => {
  const all = heldOutStrategies(heldOut, choice, null, { length: heldOut.weights, knn: heldOut.weights });
  for (const strategy of ["router", "length", "knn", "cost_matched_random"]) {
    expect(all.find((row) => row.strategy === strategy)!.strong_share).toBe(1);
  }
});

test("a router that simpler strategies match is said to be matched, and by which", () => {
  const needs = { length: Float64Array.of(40, 30, 20, 10), knn: Float64Array.of(0, 0.2, 0.5, 0.1) };
  expect(baselineNotes(heldOutStrategies(heldOut, choice, 0.5, needs))).toEqual([
    "the router keeps 100.0 % of the quality; for the same money nearest neighbours keep 100.0 %: " +
      "it is not shown to be worth more than that on these rows",
  ]);
  const worse = { ...needs, knn: needs.length };
  expect(baselineNotes(heldOutStrategies(heldOut, choice, 0.5, worse))).toEqual([]);
  expect(baselineNotes(heldOutStrategies(heldOut, choice, null, needs))).toEqual([]);
});
