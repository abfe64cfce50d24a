import { describe, expect, test } from "vitest";
import { createRandom } from "../../../../datasets/random.js";
import { allowedErrors } from "../../../../models/statistics/allowed-errors.js";
import { type DrawOptions, drawPairs, type PairUnit } from "../../../../pipelines/cache/pairs/draw-pairs.js";

/** Pairs of which a known share, rising with distance from 1, is wrong. */
function plantUnits(count: number, seed = 5): Array<PairUnit & { isWrong: boolean }> {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const value = 0.6 + 0.4 * random.uniform();
    return {
      segment: i % 10 === 0 ? "small" : "large",
      request_id: `r${i}`,
      entry_id: `e${i % 97}`,
      value,
      requests: 1 + random.below(3),
      isWrong: random.uniform() < 1 - value,
    };
  });
}

const options: DrawOptions = { labels: 200, focus: "uniform", thresholds: {}, seed: 1 };

describe("drawPairs", () => {
  test("draws each request with the same chance, and weights sum to the traffic", () => {
    const units = plantUnits(2_000);
    const traffic = units.reduce((sum, { requests }) => sum + requests, 0);
    const drawn = drawPairs(units, options);
    expect(drawn).toHaveLength(200);
    for (const { inclusion_probability } of drawn)
      expect(inclusion_probability).toBeCloseTo(200 / traffic, 12);
    const weights = drawn.reduce((sum, { inclusion_probability }) => sum + 1 / inclusion_probability, 0);
    expect(weights).toBeCloseTo(traffic, 6);
  });

  test("gives each segment its share of the traffic", () => {
    const units = plantUnits(2_000);
    const requestsOf = (rows: readonly PairUnit[]) => rows.reduce((sum, { requests }) => sum + requests, 0);
    const small = units.filter(({ segment }) => segment === "small");
    const expected = (200 * requestsOf(small)) / requestsOf(units);
    const drawn = drawPairs(units, options).filter(({ segment }) => segment === "small").length;
    expect(Math.abs(drawn - expected)).toBeLessThanOrEqual(1);
  });

  test("draws all when there are too few, each for the requests that it stands for", () => {
    const units = plantUnits(50);
    const drawn = drawPairs(units, options);
    expect(new Set(drawn.map(({ request_id }) => request_id)).size).toBe(50);
    for (const { inclusion_probability, requests } of drawn) expect(inclusion_probability).toBe(1 / requests);
  });

  test("is the same for the same seed, and in another order than the units", () => {
    const units = plantUnits(500);
    expect(drawPairs(units, options)).toEqual(drawPairs(units, options));
    const order = drawPairs(units, options).map(({ segment }) => segment);
    expect(order.lastIndexOf("large")).toBeGreaterThan(order.indexOf("small"));
  });

  test.each([
    ["a threshold for all", { "*": 0.9 }],
    ["the segments' own", { small: 0.9, large: 0.9 }],
  ])("near-threshold draws more around %s", (_, thresholds) => {
    const units = plantUnits(2_000);
    const nearby = (rows: readonly PairUnit[]) =>
      rows.filter(({ value }) => Math.abs(value - 0.9) < 0.03).length / rows.length;
    const drawn = drawPairs(units, { ...options, focus: "near-threshold", thresholds });
    expect(nearby(drawn)).toBeGreaterThan(1.8 * nearby(units));
  });

  test.each(["uniform", "near-threshold"] as const)(
    "%s: the weighted share of wrong pairs is unbiased over 400 seeds",
    (focus) => {
      const units = plantUnits(1_500);
      const truth =
        units.reduce((sum, { requests, isWrong }) => sum + (isWrong ? requests : 0), 0) /
        units.reduce((sum, { requests }) => sum + requests, 0);
      const wrong = new Set(units.filter(({ isWrong }) => isWrong).map(({ request_id }) => request_id));
      const traffic = units.reduce((sum, { requests }) => sum + requests, 0);
      const estimates = Array.from({ length: 400 }, (_, seed) => {
        const shuffled = createRandom(1_000 + seed).shuffle([...units]);
        const drawn = drawPairs(shuffled, { ...options, labels: 150, focus, seed });
        return (
          drawn.reduce(
            (sum, row) => sum + (wrong.has(row.request_id) ? 1 / row.inclusion_probability : 0),
            0,
          ) / traffic
        );
      });
      const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length;
      const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399;
      expect(Math.abs(mean - truth)).toBeLessThan(3 * Math.sqrt(variance / 400));
      expect(Math.sqrt(variance)).toBeLessThan(0.06);
    },
  );

  test("uniform labels keep the binomial bound: a share just above alpha is certified in at most delta of 400 seeds", () => {
    const alpha = 0.02;
    const random = createRandom(12);
    const units = plantUnits(5_000);
    const traffic = units.reduce((sum, { requests }) => sum + requests, 0);
    const wrong = new Set<string>();
    let wrongRequests = 0;
    for (const { request_id, requests } of random.shuffle([...units])) {
      if (wrongRequests > alpha * traffic) break;
      wrong.add(request_id);
      wrongRequests += requests;
    }
    const allowed = allowedErrors(500, { alpha, delta: 0.1 })!;
    const certified = Array.from({ length: 400 }, (_, seed) => {
      const shuffled = createRandom(5_000 + seed).shuffle([...units]);
      const drawn = drawPairs(shuffled, { ...options, labels: 500, seed });
      return drawn.filter(({ request_id }) => wrong.has(request_id)).length <= allowed;
    }).filter(Boolean).length;
    expect(certified / 400).toBeLessThan(0.1 + 3 * Math.sqrt((0.1 * 0.9) / 400));
    expect(certified).toBeGreaterThan(0);
  });
});
