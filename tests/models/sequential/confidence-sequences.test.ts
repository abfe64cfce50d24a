import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { plantDifferences } from "../../../datasets/synthetic/planted-differences.js";
import { clusterSequence } from "../../../models/statistics/sequential/cluster-sequence.js";
import { sequenceHalfWidth } from "../../../models/statistics/sequential/confidence-sequence.js";
import { quantileSequence } from "../../../models/statistics/sequential/quantile-sequence.js";
import { measureSessionCoverage } from "../../../scripts/bench/measure-shadow.js";

describe("the asymptotic confidence sequence", () => {
  test.each([
    [{ sigma: 1, n: 1_000, alpha: 0.05, nStar: 5_000, sides: 1 as const }, 0.09968835103830144],
    [{ sigma: 1, n: 1_000, alpha: 0.05, nStar: 5_000, sides: 2 as const }, 0.10637547006557503],
    [{ sigma: 0.5, n: 200, alpha: 0.05, nStar: 400, sides: 1 as const }, 0.10039780542949857],
  ])("has the half-width of the formula: %o", (options, half) => {
    expect(sequenceHalfWidth(options)).toBeCloseTo(half, 10);
  });

  test("is tightest, against one look, at the number that it is tuned to", () => {
    const ratio = (nStar: number) => sequenceHalfWidth({ sigma: 1, n: 2_000, alpha: 0.05, nStar, sides: 2 });
    const widths = [200, 1_000, 2_000, 4_000, 20_000].map(ratio);
    expect(widths.indexOf(Math.min(...widths))).toBe(2);
  });

  test("holds the truth at every look in about 95 % of sessioned streams", () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { values, clusters } = plantDifferences({
        sessions: 500,
        meanSession: 3,
        discordance: 0.3,
        difference: 0.05,
        icc: 0.4,
        seed,
      });
      const looks = [100, 200, 400, 800, values.length].filter((n) => n <= values.length);
      held += Number(
        looks.every((n) => {
          const { low, high } = clusterSequence(values.subarray(0, n), clusters.subarray(0, n), {
            alpha: 0.05,
            nStar: 300,
          })!;
          return low <= 0.05 && 0.05 <= high;
        }),
      );
    }
    expect(held).toBeGreaterThanOrEqual(184); // 92 %
  });

  test("has a width where all differences are still 0", () => {
    const { low, high } = clusterSequence(
      new Float64Array(40),
      Int32Array.from({ length: 40 }, (_, i) => i),
      {
        alpha: 0.05,
        nStar: 100,
      },
    )!;
    expect(high - low).toBeGreaterThan(0.1);
  });

  test("is unbounded for one session, and null for none", () => {
    expect(clusterSequence([1, 0], [0, 0], { alpha: 0.05, nStar: 100 })).toMatchObject({
      value: 0.5,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    expect(clusterSequence([], [], { alpha: 0.05, nStar: 100 })).toBeNull();
  });
});

test("intervals by session hold the truth in about 95 % of streams, row by row in about half", () => {
  const shares = measureSessionCoverage(
    { sessions: 400, meanSession: 8, discordance: 0.2, icc: 0.4, difference: 0.02 },
    { seeds: 300, seed: 50 },
  );
  expect(shares.clustered).toBeGreaterThan(0.92);
  expect(shares.rowwise).toBeLessThan(0.65);
});

describe("the quantile sequence", () => {
  test("has the bounds of the formula", () => {
    const sorted = Float64Array.from({ length: 1_000 }, (_, i) => i + 1);
    const { value, low, high } = quantileSequence(sorted, { p: 0.95, alpha: 0.05 });
    expect(value).toBeCloseTo(950.05, 9);
    expect(low).toBe(913); // f = 0.0360250
    expect(high).toBe(987);
  });

  test("holds the quantile at every look of 95 % of skewed streams and more", () => {
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const all = Float64Array.from({ length: 2_000 }, () => -Math.log(1 - random.uniform()));
      held += Number(
        [50, 200, 500, 1_000, 2_000].every((n) => {
          const { low, high } = quantileSequence(all.slice(0, n).sort(), { p: 0.9, alpha: 0.05 });
          return low <= Math.log(10) && Math.log(10) <= high;
        }),
      );
    }
    expect(held).toBeGreaterThanOrEqual(190);
  });

  test("says nothing about a tail of a few rows", () => {
    expect(quantileSequence([1, 2, 3], { p: 0.95, alpha: 0.05 })).toEqual({
      value: 2.9,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });
});
