import { expect, test } from "vitest";
import { shareOfSums } from "../../../models/frontier/share-of-sums.js";
import { wilsonInterval } from "../../../models/statistics/wilson-interval.js";

test("a share of 1 has Wilson's interval on as many rows as there are sessions", () => {
  const share = shareOfSums(Float64Array.of(3, 4, 0, 3), Float64Array.of(3, 4, 0, 3))!;
  expect(share.value).toBe(1);
  expect(share.low).toBeCloseTo(wilsonInterval(3, 3).low, 12);
});

test("sessions that agree within themselves widen the interval", () => {
  const together = shareOfSums(Float64Array.of(10, 0, 10, 0, 10, 0), new Float64Array(6).fill(10))!;
  const apart = shareOfSums(
    new Float64Array(6).map((_, i) => 5 + (i % 2)),
    new Float64Array(6).fill(10),
  )!;
  expect(together.high - together.low).toBeGreaterThan(2 * (apart.high - apart.low));
});

test("no rows have no share", () => {
  expect(shareOfSums(new Float64Array(2), new Float64Array(2))).toBeNull();
});
