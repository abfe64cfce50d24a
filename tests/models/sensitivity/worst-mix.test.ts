import fc from "fast-check";
import "../../support/fixed-seed.js";
import { expect, test } from "vitest";
import { totalVariation, worstMean, worstRatio } from "../../../models/sensitivity/worst-mix.js";

test("mass moves from the best strata into the worst", () => {
  const values = Float64Array.of(0.5, 0.1, 0.9);
  const { value, weights } = worstMean(values, Float64Array.of(0.5, 0.45, 0.05), 0.1);
  // All 0.05 of the third stratum and 0.05 of the first go to the second.
  [0.45, 0.55, 0].forEach((weight, s) => {
    expect(weights[s]).toBeCloseTo(weight, 12);
  });
  expect(value).toBeCloseTo(0.45 * 0.5 + 0.55 * 0.1, 12);
});

test("a ratio's worst mix weighs what a stratum costs as well", () => {
  // 10 saved of 100 against 0 saved of 1: little mass of the expensive stratum decides the ratio.
  const mix = worstRatio(Float64Array.of(10, 0.5), Float64Array.of(100, 1), Float64Array.of(0.1, 0.9), 0.2)!;
  expect(mix.value).toBeCloseTo((0.3 * 10 + 0.7 * 0.5) / (0.3 * 100 + 0.7 * 1), 12);
  expect(totalVariation(mix.weights, [0.1, 0.9])).toBeCloseTo(0.2, 12);
});

test("one stratum can't drift, and nothing billed has no ratio", () => {
  expect(worstRatio(Float64Array.of(3), Float64Array.of(4), Float64Array.of(1), 0.2)!.value).toBe(0.75);
  expect(worstRatio(Float64Array.of(0), Float64Array.of(0), Float64Array.of(1), 0.2)).toBeNull();
  expect(worstMean(new Float64Array(0), new Float64Array(0), 0.1).value).toBe(0);
});

test("no mix on a fine grid within the distance is worse than the worst", () => {
  // All mixes of three strata in steps of 1/20; known weights and radius lie on the grid, so vertices of the ball do, too.
  const stratum = fc.record({
    saved: fc.integer({ min: -9, max: 9 }),
    billed: fc.integer({ min: 1, max: 9 }),
  });
  const known = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(
      fc.tuple(stratum, stratum, stratum),
      known,
      fc.integer({ min: 0, max: 6 }),
      (strata, [first, second], steps) => {
        const a = Math.min(first, second);
        const b = Math.abs(first - second);
        const weights = Float64Array.of(a / 20, b / 20, (20 - a - b) / 20);
        const saved = Float64Array.from(strata, (each) => each.saved);
        const billed = Float64Array.from(strata, (each) => each.billed);
        let least = Number.POSITIVE_INFINITY;
        let leastMean = Number.POSITIVE_INFINITY;
        for (const mix of gridMixes()) {
          if (totalVariation(mix, weights) > steps / 20 + 1e-9) continue;
          least = Math.min(least, dot(saved, mix) / dot(billed, mix));
          leastMean = Math.min(leastMean, dot(saved, mix));
        }
        expect(worstRatio(saved, billed, weights, steps / 20)!.value).toBeCloseTo(least, 9);
        expect(worstMean(saved, weights, steps / 20).value).toBeCloseTo(leastMean, 9);
      },
    ),
  );
});

function gridMixes(): number[][] {
  const mixes: number[][] = [];
  for (let a = 0; a <= 20; a++)
    for (let b = 0; a + b <= 20; b++) mixes.push([a / 20, b / 20, (20 - a - b) / 20]);
  return mixes;
}

function dot(values: Float64Array, weights: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
}
