import fc from "fast-check";
import { expect, test } from "vitest";
import { averageImprovement, meanQuality } from "../../models/metrics/average-improvement.js";
import { type CostQuality, costQualityHull, qualityAt } from "../../models/metrics/cost-quality-hull.js";
import { costSavingRatio } from "../../models/metrics/cost-saving-ratio.js";
import { dominatedModels } from "../../models/metrics/dominated-models.js";
import { incrementalBenefit } from "../../models/metrics/incremental-benefit.js";
import { costGains, relativeGains } from "../../models/metrics/relative-gains.js";
import { routerArenaOptimality, routerArenaScore } from "../../models/metrics/routerarena.js";

const at = (usd: number, quality: number): CostQuality => ({ usd, quality });

test("the hull keeps the points that no mix of others reaches, in ascending cost", () => {
  const points = [at(10, 0.9), at(1, 0.5), at(5, 0.6), at(4, 0.8), at(12, 0.85), at(2, 0.4)];
  expect(costQualityHull(points)).toEqual([at(1, 0.5), at(4, 0.8), at(10, 0.9)]);
  expect(costQualityHull([at(1, 0.5), at(2, 0.6), at(3, 0.7)])).toEqual([at(1, 0.5), at(3, 0.7)]);
  expect(costQualityHull([at(1, 0.5), at(1, 0.6)])).toEqual([at(1, 0.6)]);
});

test("quality on the hull is interpolated, flat beyond the dearest point, and absent below the cheapest", () => {
  const hull = [at(1, 0.5), at(3, 0.7)];
  expect(qualityAt(hull, 2)).toBeCloseTo(0.6, 12);
  expect(qualityAt(hull, 1)).toBe(0.5);
  expect(qualityAt(hull, 9)).toBe(0.7);
  expect(qualityAt(hull, 0.9)).toBeNaN();
});

test("no point lies above the hull, and the hull is concave and rising", () => {
  const point = fc.record({ usd: fc.integer({ min: 0, max: 50 }), quality: fc.integer({ min: 0, max: 50 }) });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      const hull = costQualityHull(points);
      for (const { usd, quality } of points) {
        expect(qualityAt(hull, usd)).toBeGreaterThanOrEqual(quality - 1e-9);
      }
      const slopes = hull
        .slice(1)
        .map((right, i) => (right.quality - hull[i]!.quality) / (right.usd - hull[i]!.usd));
      for (const slope of slopes) expect(slope).toBeGreaterThan(0);
      for (let i = 1; i < slopes.length; i++) expect(slopes[i]!).toBeLessThan(slopes[i - 1]!);
    }),
  );
});

test("AIQ is the mean height of the hull over the range of costs", () => {
  // From 0.5 at 1 to 0.9 at 3 (area 1.4), flat to 5 (area 1.8): 3.2 / 4.
  expect(averageImprovement([at(1, 0.5), at(3, 0.9)], { from: 1, to: 5 })).toBeCloseTo(0.8, 12);
  expect(averageImprovement([at(0.5, 0.4), at(3, 0.9)], { from: 1, to: 3 })).toBeCloseTo(0.7, 12);
  expect(averageImprovement([at(2, 0.5), at(3, 0.9)], { from: 1, to: 3 })).toBeNaN();
});

test("a path keeps its dips, which a hull would bridge", () => {
  const path = [at(1, 0.5), at(2, 0.3), at(3, 0.9)];
  expect(meanQuality(path, { from: 1, to: 3 })).toBeCloseTo((0.4 + 0.6) / 2, 12);
  expect(averageImprovement(path, { from: 1, to: 3 })).toBeCloseTo(0.7, 12);
});

test("dominated models are named with the best model that beats them", () => {
  const models = [at(1, 0.5), at(2, 0.5), at(3, 0.9), at(4, 0.8), at(5, 0.95), at(1, 0.5)];
  expect(dominatedModels(models)).toEqual([
    { model: 1, by: 0 },
    { model: 3, by: 2 },
    { model: 5, by: 0 },
  ]);
});

test("the RouterArena score is that of the public board", () => {
  expect(routerArenaScore({ accuracy: 0.7597, usdPer1k: 0.11 })).toBeCloseTo(75.38, 2);
  expect(routerArenaScore({ accuracy: 1, usdPer1k: 0.001 })).toBeCloseTo(100, 9);
  expect(routerArenaScore({ accuracy: 0.9, usdPer1k: 500 })).toBe(0);
  expect(routerArenaScore({ accuracy: 0, usdPer1k: 500 })).toBe(0);
});

test("RouterArena's optimality counts rows that some model gets right", () => {
  const quality = [
    [1, 0, 0, 1],
    [1, 1, 0, 0],
  ];
  const usd = [
    [1, 1, 1, 1],
    [4, 4, 4, 4],
  ];
  // Row 0: right but dear; row 1: right by the only one; row 2: nobody; row 3: wrong.
  expect(routerArenaOptimality(quality, usd, [1, 1, 0, 1])).toEqual({
    selection: 1 / 3,
    accuracy: 2 / 3,
    cost: 5 / 8,
  });
  expect(routerArenaOptimality(quality, usd, [0, 1, 0, 0])).toEqual({ selection: 1, accuracy: 1, cost: 1 });
});

test("LLMRouterBench's gains are relative to random, best single model and oracle", () => {
  const gains = relativeGains(0.72, { random: 0.6, best: 0.8, oracle: 0.9 });
  expect(gains.overRandom).toBeCloseTo(0.2, 12);
  expect(gains.overBest).toBeCloseTo(-0.1, 12);
  expect(gains.toOracle).toBeCloseTo(0.2, 12);
  const best = at(10, 0.8);
  const kept = costGains([at(4, 0.8), at(8, 0.84), at(1, 0.5)], best);
  expect(kept.performance).toBeCloseTo(0.05, 12);
  expect(kept.saving).toBeCloseTo(0.6, 12);
  expect(costGains([at(1, 0.5)], best).saving).toBeNull();
});

test("AutoMix's benefit of the straight line is no lift", () => {
  const [weak, strong] = [at(1, 0.5), at(5, 0.9)];
  expect(incrementalBenefit(at(3, 0.7), weak, strong).lift).toBeCloseTo(0, 12);
  const better = incrementalBenefit(at(3, 0.8), weak, strong);
  expect(better.benefit).toBeCloseTo(0.15, 12);
  expect(better.lift).toBeCloseTo(0.5, 12);
  expect(incrementalBenefit(at(1, 0.6), weak, strong).lift).toBeNaN();
});

test("RouteLLM's cost-saving ratios are those it prints", () => {
  expect(costSavingRatio(49.03, 13.4)).toBeCloseTo(3.66, 2);
  expect(costSavingRatio(50.07, 35.4)).toBeCloseTo(1.41, 2);
  expect(costSavingRatio(50, 33.64)).toBeCloseTo(1.49, 2);
});
