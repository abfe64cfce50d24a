import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { calibratedProbability } from "../../models/calibration/calibration.js";
import { crossCalibrate } from "../../models/calibration/cross-calibrate.js";
import { fitPlatt } from "../../models/calibration/fit-platt.js";

test("Platt scaling recovers a planted slope and shift", () => {
  const random = createRandom(1);
  const logits = Array.from({ length: 20_000 }, () => 2 * random.normal());
  const targets = logits.map((logit) => Number(random.uniform() < 1 / (1 + Math.exp(-(0.6 * logit - 0.4)))));
  const { scale, shift } = fitPlatt(logits, targets);
  expect(scale).toBeCloseTo(0.6, 1);
  expect(shift).toBeCloseTo(-0.4, 1);
});

test.each([
  ["one class", [1, 2, 3], [1, 1, 1]],
  ["no rows", [], []],
  ["equal logits", [2, 2, 2], [0, 1, 0]],
  ["separable", [-5, -4, 4, 5], [0, 0, 1, 1]],
  ["huge logits", [-1e4, 1e4], [0, 1]],
])("%s gives a finite map with a positive slope", (_, logits, targets) => {
  const { scale, shift } = fitPlatt(logits, targets);
  expect(Number.isFinite(shift)).toBe(true);
  expect(scale).toBeGreaterThan(0);
});

test("logits that point the wrong way never turn the ranking round", () => {
  const random = createRandom(2);
  const logits = Array.from({ length: 500 }, () => random.normal());
  const map = fitPlatt(
    logits,
    logits.map((logit) => Number(logit < 0)),
  );
  expect(map.scale).toBe(0.25);
  const mean = logits.reduce((sum, logit) => sum + calibratedProbability(logit, map), 0) / logits.length;
  expect(mean).toBeCloseTo(logits.filter((logit) => logit < 0).length / logits.length, 2);
});

test("a row's own label does not move its cross-calibrated probability", () => {
  const logits = Float64Array.from({ length: 40 }, (_, i) => (i - 20) / 10);
  const folds = Int32Array.from(logits, (_, i) => i % 4);
  const ones = logits.map(() => 1);
  const targets = logits.map((_, i) => Number(i % 3 === 0));
  const before = crossCalibrate(logits, targets, ones, folds);
  targets[8] = 1 - targets[8]!;
  const after = crossCalibrate(logits, targets, ones, folds);
  expect(after[8]).toBe(before[8]);
  expect(after[9]).not.toBe(before[9]);
});
