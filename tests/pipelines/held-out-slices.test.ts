import { expect, test } from "vitest";
import { featureMatrix } from "../../models/classifier/feature-matrix.js";
import type { HeldOut } from "../../pipelines/train/held-out-rows.js";
import { heldOutSlices } from "../../pipelines/train/held-out-slices.js";
import type { TrainingItem } from "../../pipelines/train/read-training-items.js";

function item(i: number, group: string, prompt: string, tier: number | null): TrainingItem {
  return {
    id: String(i),
    request: { prompt },
    text: prompt,
    group,
    sessionId: null,
    createdAt: null,
    weight: 1,
    tier,
    isStakes: null,
    outcomes: new Map(),
  };
}

/** 40 rows of group a, all routed away, 4 of them badly; 40 of b that stay; 5 of c. */
const items = Array.from({ length: 85 }, (_, i) =>
  i < 40
    ? item(i, "a", `short question ${i}`, 0)
    : i < 80
      ? item(i, "b", `a longer question ${i} ${"with many words ".repeat(20)}`, 2)
      : item(i, "c", `另一个问题 ${i}`, null),
);
const n = items.length;
const each = (value: (row: number) => number) => Float64Array.from({ length: n }, (_, row) => value(row));
const heldOut: HeldOut = {
  rows: Int32Array.from({ length: n }, (_, i) => i),
  sufficiency: [each((row) => (row < 40 ? 0.9 : 0.1))],
  probabilities: [],
  crossCalibrated: [],
  targets: [],
  quality: [each((row) => Number(row >= 4))],
  strongQuality: each(() => 1),
  correction: "",
  costs: [each(() => 1), each(() => 10)],
  clusters: Int32Array.from({ length: n }, (_, i) => i),
  weights: each(() => 1),
};
const { dense } = featureMatrix(items.map(({ request }) => request));
const report = heldOutSlices(heldOut, items, dense, 0.5);
const row = (dimension: string, slice: string) =>
  report.rows.find((other) => other.dimension === dimension && other.slice === slice)!;

test("measures retention, strong share and saving within each slice", () => {
  expect(row("group", "a").retention!.value).toBeCloseTo(0.9, 12);
  expect(row("group", "a").strong_share!.value).toBe(0);
  expect(row("group", "a").saving!.value).toBeCloseTo(0.9, 12);
  expect(row("group", "b").retention!.value).toBe(1);
  expect(row("group", "b").saving!.value).toBe(0);
  expect(row("tier", "0").n).toBe(40);
  expect(row("length", "under 200 characters").n).toBe(45);
});

test("lists small slices without figures", () => {
  expect(row("group", "c")).toMatchObject({ n: 5, is_small: true, retention: null, saving: null });
  expect(row("script", "han")).toMatchObject({ n: 5, is_small: true });
  expect(row("tier", "(not judged)").is_small).toBe(true);
});

test("leaves out a dimension in which all rows are alike", () => {
  expect(report.rows.some(({ dimension }) => dimension === "tools")).toBe(false);
});

test("names the worst slice with an interval that holds for all slices at once", () => {
  const { worst } = report;
  expect(worst).toMatchObject({ slice: expect.stringMatching(/^(a|0)$/) as string });
  const judged = report.rows.filter(({ is_small }) => !is_small).length;
  expect(worst!.of).toBe(judged);
  const alone = row(worst!.dimension, worst!.slice).retention!;
  expect(worst!.retention.value).toBe(alone.value);
  expect(worst!.retention.low).toBeLessThan(alone.low);
  expect(worst!.retention.high).toBeGreaterThan(alone.high);
});

test("a slice without a loss still has a lower end below 1", () => {
  expect(row("group", "b").retention!.low).toBeGreaterThan(0.85);
  expect(row("group", "b").retention!.low).toBeLessThan(1);
});

test("without a threshold everything stays with the strong model", () => {
  const strict = heldOutSlices(heldOut, items, dense, null);
  expect(strict.rows.filter(({ is_small }) => !is_small).map(({ saving }) => saving!.value)).toEqual(
    strict.rows.filter(({ is_small }) => !is_small).map(() => 0),
  );
});
