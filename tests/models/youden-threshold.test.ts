import { expect, test } from "vitest";
import { youdenThreshold } from "../../models/thresholds/youden-threshold.js";

test.each([
  {
    name: "separable rows are separated",
    values: [0.1, 0.2, 0.7, 0.9],
    positives: [false, false, true, true],
    best: 0.7,
  },
  {
    name: "the best trade of misses against false alarms wins",
    values: [0.1, 0.3, 0.4, 0.6, 0.8],
    positives: [false, true, false, true, true],
    best: 0.6,
  },
  { name: "ties move together", values: [0.5, 0.5, 0.2], positives: [true, true, false], best: 0.5 },
])("$name", ({ values, positives, best }) => {
  expect(youdenThreshold(values, positives)).toBe(best);
});

test("one kind alone sets no threshold", () => {
  expect(youdenThreshold([0.1, 0.9], [true, true])).toBeNull();
  expect(youdenThreshold([], [])).toBeNull();
});

test("label noise that hits both kinds alike leaves the threshold where it was", () => {
  const values = Array.from({ length: 2000 }, (_, i) => i / 2000);
  const truth = values.map((value) => value >= 0.75);
  const noisy = truth.map((is, i) => (i % 10 === 0 ? !is : is));
  expect(youdenThreshold(values, noisy)).toBeCloseTo(0.75, 2);
});
