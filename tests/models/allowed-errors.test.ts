import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedErrors, leastLabels } from "../../models/statistics/allowed-errors.js";
import { clopperPearson } from "../../models/statistics/clopper-pearson.js";

describe("allowedErrors", () => {
  const sizes = [100, 200, 300, 500, 1_000, 2_000, 5_000];
  test.each([
    [0.005, [null, null, null, 0, 1, 5, 18]],
    [0.01, [null, null, 0, 1, 5, 13, 40]],
    [0.02, [null, 1, 2, 5, 13, 31, 86]],
    [0.05, [1, 5, 9, 18, 40, 87, 229]],
  ])("at alpha %d and delta 0.1 is the published table", (alpha, expected) => {
    expect(sizes.map((labels) => allowedErrors(labels, { alpha, delta: 0.1 }))).toEqual(expected);
  });

  test("is the most errors whose Clopper-Pearson bound keeps alpha", () => {
    const alphas = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), alphas, (labels, alpha) => {
        const delta = 0.1;
        const bound = (errors: number) => clopperPearson(errors, labels, 1 - 2 * delta).high;
        const allowed = allowedErrors(labels, { alpha, delta });
        if (allowed !== null) expect(bound(allowed)).toBeLessThanOrEqual(alpha + 1e-9);
        expect(bound((allowed ?? -1) + 1)).toBeGreaterThan(alpha - 1e-9);
      }),
    );
  });
});

describe("leastLabels", () => {
  test.each([
    [0.005, 460],
    [0.01, 230],
    [0.02, 114],
    [0.05, 45],
  ])("at alpha %d is %i", (alpha, labels) => {
    const promise = { alpha, delta: 0.1 };
    expect(leastLabels(promise)).toBe(labels);
    expect(allowedErrors(labels, promise)).toBe(0);
    expect(allowedErrors(labels - 1, promise)).toBeNull();
  });
});
