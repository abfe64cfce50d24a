import { expect, test } from "vitest";
import { meanAtOdds, shiftToMean } from "../../../models/sensitivity/shift-odds.js";

test("odds are multiplied", () => {
  // Odds 1 and 3 become 2 and 6.
  expect(meanAtOdds(Float64Array.of(0.5, 0.75), 2)).toBeCloseTo((2 / 3 + 6 / 7) / 2, 12);
  expect(meanAtOdds(Float64Array.of(0, 1), 5)).toBe(0.5);
});

test("the shift brings the mean where it is wanted", () => {
  const probabilities = Float64Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
  for (const wanted of [0.001, 0.3, 0.5, 0.9, 0.999]) {
    const shift = shiftToMean(probabilities, wanted)!;
    expect(meanAtOdds(probabilities, Math.exp(shift)), String(wanted)).toBeCloseTo(wanted, 9);
  }
  expect(shiftToMean(Float64Array.of(0.8), 0.5)).toBeCloseTo(-Math.log(4), 9);
});

test("a mean that certain answers put out of reach has no shift", () => {
  expect(shiftToMean(Float64Array.of(1, 1, 0.5), 0.5)).toBeNull();
  expect(shiftToMean(Float64Array.of(0.5), 0)).toBeNull();
  expect(shiftToMean(new Float64Array(0), 0.5)).toBeNull();
});
