import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { fitTemperature } from "../../../models/calibration/fit-temperature.js";

test.each([0.5, 1, 2])("recovers a planted scale of %f, without a shift", (planted) => {
  const random = createRandom(1);
  const logits = Float64Array.from({ length: 5_000 }, () => 2 * random.normal());
  const targets = logits.map((logit) => 1 / (1 + Math.exp(-planted * logit)));
  const fitted = fitTemperature(
    logits,
    targets,
    logits.map(() => 1),
  );
  expect(fitted.scale).toBeCloseTo(planted, 2);
  expect(fitted).toMatchObject({ method: "temperature", shift: 0 });
  expect(fitted.knots).toHaveLength(0);
});

test("rows of weight 0 say nothing", () => {
  const logits = Float64Array.of(1, 1, -1, 3, 3, 3);
  const targets = Float64Array.of(1, 0, 0, 0, 0, 0);
  const some = fitTemperature(logits, targets, Float64Array.of(1, 1, 1, 0, 0, 0));
  expect(some).toEqual(fitTemperature(logits.slice(0, 3), targets.slice(0, 3), Float64Array.of(1, 1, 1)));
});

test.each([
  ["no rows", [], []],
  ["one class", [1, 2, 3], [1, 1, 1]],
  ["logits that point the wrong way", [-4, -3, 3, 4], [1, 1, 0, 0]],
  ["huge logits", [-1e4, 1e4], [0, 1]],
])("%s gives a finite scale of at least 0.25", (_, logits, targets) => {
  const { scale } = fitTemperature(
    logits,
    targets,
    logits.map(() => 1),
  );
  expect(Number.isFinite(scale)).toBe(true);
  expect(scale).toBeGreaterThanOrEqual(0.25);
});
