import { expect, test } from "vitest";
import { fitGrowth, groupLevels, growthError } from "../../../models/forecast/growth.js";
import { longRunVariance } from "../../../models/forecast/long-run-variance.js";

test("growth and levels of amounts that follow them exactly", () => {
  const groupOf = Uint8Array.from({ length: 20 }, (_, t) => t % 2);
  const amounts = Float64Array.from(groupOf, (group, t) => [8, 3][group]! * Math.exp(-0.05 * (19 - t)));
  const days = { amounts, groupOf, groups: 2 };
  const slope = fitGrowth(days);
  expect(slope).toBeCloseTo(0.05, 9);
  expect(growthError(days, slope)).toBeLessThan(1e-9);
  expect([...groupLevels(days, slope)]).toEqual([expect.closeTo(8, 6), expect.closeTo(3, 6)]);
});

test("with one group of two days the likelihood has its maximum at the ratio of the two", () => {
  const days = { amounts: Float64Array.of(10, 15), groupOf: new Uint8Array(2), groups: 1 };
  expect(fitGrowth(days)).toBeCloseTo(Math.log(1.5), 9);
  expect(growthError(days, Math.log(1.5))).toBe(Number.POSITIVE_INFINITY);
});

test("no money has no growth, and no known error of it", () => {
  const days = { amounts: new Float64Array(10), groupOf: new Uint8Array(10), groups: 1 };
  expect(fitGrowth(days)).toBe(0);
  expect(growthError(days, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("the long-run variance weighs neighbours by Bartlett's triangle", () => {
  // 4 (5 / 100)^(2/9) = 2.05: two lags with weights 2/3 and 1/3
  const values = Float64Array.of(1, -1, 2, 0, -2);
  const [lag0, lag1, lag2] = [10, -3, -2];
  expect(longRunVariance(values)).toBeCloseTo(lag0 + (4 / 3) * lag1 + (2 / 3) * lag2, 12);
});
