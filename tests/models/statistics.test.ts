import { expect, test } from "vitest";
import { createRandom, type Random } from "../../datasets/random.js";
import { incompleteBeta } from "../../models/statistics/beta.js";
import { clusterBootstrap } from "../../models/statistics/cluster-bootstrap.js";
import { clusterRatio, clusterRatioInterval, numberClusters } from "../../models/statistics/cluster-ratio.js";
import { normalQuantile, sampleQuantile, studentQuantile } from "../../models/statistics/quantiles.js";
import { wilsonInterval } from "../../models/statistics/wilson-interval.js";

test("quantiles match published tables", () => {
  for (const [p, z] of [
    [0.975, 1.959964],
    [0.95, 1.644854],
    [0.5, 0],
    [0.001, -3.090232],
  ] as const) {
    expect(normalQuantile(p)).toBeCloseTo(z, 5);
  }
  for (const [p, degrees, t] of [
    [0.975, 1, 12.7062],
    [0.975, 10, 2.228139],
    [0.95, 30, 1.697261],
    [0.05, 5, -2.015048],
  ] as const) {
    expect(studentQuantile(p, degrees)).toBeCloseTo(t, 4);
  }
  expect(sampleQuantile([1, 2, 4, 8], 0.5)).toBe(3);
  expect(() => normalQuantile(1)).toThrow(RangeError);
});

test("the incomplete beta function matches closed forms", () => {
  expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
  expect(incompleteBeta(0.3, 2, 1)).toBeCloseTo(0.09, 12);
  expect(incompleteBeta(0.5, 7.5, 7.5)).toBeCloseTo(0.5, 12);
});

test("Wilson's interval matches published values", () => {
  // Newcombe 1998, table I: 15 of 148.
  const wilson = wilsonInterval(15, 148);
  expect(wilson.low).toBeCloseTo(0.0624, 4);
  expect(wilson.high).toBeCloseTo(0.1605, 4);
});

test("the generator repeats by seed, differs between seeds and is uniform", () => {
  const draw = (random: Random) => Array.from({ length: 5 }, () => random.uniform());
  expect(draw(createRandom(7))).toEqual(draw(createRandom(7)));
  expect(draw(createRandom(7))).not.toEqual(draw(createRandom(8)));
  const random = createRandom(1);
  const counts = new Float64Array(10);
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]! += 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(27.9);
  expect([...createRandom(3).shuffle([1, 2, 3, 4, 5])].sort()).toEqual([1, 2, 3, 4, 5]);
});

test("null ids are clusters of their own", () => {
  expect([...numberClusters(["a", null, "a", null])]).toEqual([0, 1, 0, 2]);
});

test("one cluster gives no finite interval", () => {
  const { low, high } = clusterRatioInterval(clusterRatio([1, 0], [1, 1], [0, 0]));
  expect([low, high]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

/** Sessions of unequal length whose rows share a common effect; the true mean of y / x is 2. */
function clusteredSample(random: Random, sessions: number): { y: number[]; x: number[]; clusters: number[] } {
  const sample = { y: [] as number[], x: [] as number[], clusters: [] as number[] };
  for (let session = 0; session < sessions; session++) {
    const effect = random.normal();
    const rows = 1 + random.below(8);
    for (let row = 0; row < rows; row++) {
      const x = 1 + random.uniform();
      sample.x.push(x);
      sample.y.push(2 * x + effect + 0.5 * random.normal());
      sample.clusters.push(session);
    }
  }
  return sample;
}

test("cluster-robust 95 % intervals cover the truth in about 95 % of 200 seeds, where row-wise ones do not", () => {
  let robust = 0;
  let naive = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { y, x, clusters } = clusteredSample(createRandom(seed), 60);
    const covers = (groups: number[]) => {
      const { low, high } = clusterRatioInterval(clusterRatio(y, x, groups));
      return low <= 2 && 2 <= high;
    };
    robust += Number(covers(clusters));
    naive += Number(covers(clusters.map((_, row) => row)));
  }
  expect(robust / 200).toBeGreaterThanOrEqual(0.91);
  expect(robust / 200).toBeLessThanOrEqual(0.99);
  expect(naive / 200).toBeLessThan(0.8);
});

test("the cluster bootstrap covers the truth in about 95 % of 200 seeds", () => {
  let covered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { y, x, clusters } = clusteredSample(createRandom(1000 + seed), 60);
    const statistic = (counts: Float64Array) => {
      let top = 0;
      let bottom = 0;
      counts.forEach((count, i) => {
        top += count * y[i]!;
        bottom += count * x[i]!;
      });
      return top / bottom;
    };
    const { low, high } = clusterBootstrap({ clusters, statistic, replicates: 200, seed });
    covered += Number(low <= 2 && 2 <= high);
  }
  expect(covered / 200).toBeGreaterThanOrEqual(0.9);
  expect(covered / 200).toBeLessThanOrEqual(0.99);
});
