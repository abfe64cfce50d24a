import fc from "fast-check";
import "../../support/fixed-seed.js";
import { expect, test } from "vitest";
import { mixtureQuantile, mixtureShare } from "../../../models/frontier/mixture-quantile.js";

const part = (weight: number, ...sorted: number[]) => ({ weight, sorted: Float64Array.from(sorted) });

test("quantiles of a mixture are the observed values at which the weighted share is reached", () => {
  const parts = [part(0.75, 1, 2, 3, 4), part(0.25, 10)];
  expect(mixtureShare(parts, 2)).toBeCloseTo(0.375, 12);
  expect(mixtureQuantile(parts, 0.375)).toBe(2);
  expect(mixtureQuantile(parts, 0.376)).toBe(3);
  expect(mixtureQuantile(parts, 0.75)).toBe(4);
  expect(mixtureQuantile(parts, 0.95)).toBe(10);
});

test("levels beyond the sample have no upper value, and the least as lower one", () => {
  const parts = [part(1, 5, 6), part(0, 1)];
  expect(mixtureQuantile(parts, 1)).toBe(6);
  expect(mixtureQuantile(parts, 1.001)).toBe(Number.POSITIVE_INFINITY);
  expect(mixtureQuantile(parts, -1)).toBe(5);
  expect(mixtureQuantile([part(0, 1)], 0.5)).toBeNaN();
});

test("equal weights per value give the quantile of the pooled sample", () => {
  const samples = fc.array(
    fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 }),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  fc.assert(
    fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (lists, p) => {
      const pooled = lists.flat().sort((a, b) => a - b);
      const parts = lists.map((list) => ({
        weight: list.length / pooled.length,
        sorted: Float64Array.from(list).sort(),
      }));
      const place = Math.ceil(p * pooled.length - 1e-9) - 1;
      expect(mixtureQuantile(parts, p)).toBe(pooled[Math.max(0, place)]);
    }),
  );
});
