import { expect, test } from "vitest";
import { studentQuantile } from "../../models/statistics/quantiles.js";
import { ratioOfSums, totalOfSums } from "../../models/statistics/session-sums.js";

test("a total's error is that of as many sessions drawn anew", () => {
  // Mean 3, residuals 2, 0, -2, 0: variance of the total 4 * (4 + 4) / 3, on 2 * 8^2 / (32 - 16) = 8 degrees, at most 3.
  const { value, low, high } = totalOfSums(Float64Array.of(5, 3, 1, 3))!;
  const half = studentQuantile(0.975, 3) * Math.sqrt((4 * 8) / 3);
  expect(value).toBeCloseTo(12, 12);
  expect(high - value).toBeCloseTo(half, 10);
  expect(value - low).toBeCloseTo(half, 10);
});

test("sessions of many requests are no news to a mean, but to a total", () => {
  const [usd, requests] = [Float64Array.of(2, 4, 6, 8), Float64Array.of(1, 2, 3, 4)];
  const mean = ratioOfSums(usd, requests)!;
  expect(mean.high - mean.low).toBeCloseTo(0, 12);
  const total = totalOfSums(usd)!;
  expect(total.high - total.low).toBeGreaterThan(5);
});

test("a session that holds nothing counts, and what isn't known has no total", () => {
  expect(totalOfSums(Float64Array.of(2, 2, 0))!.high).toBeGreaterThan(4);
  expect(totalOfSums(Float64Array.of(2, Number.NaN))).toBeNull();
  expect(totalOfSums(new Float64Array(0))).toBeNull();
});
