import { describe, expect, it } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { clusterRatio } from "../../models/statistics/cluster-ratio.js";
import { domainGaps, domainInterval, domainRatios } from "../../models/statistics/domain-ratios.js";
import { orderByCluster } from "../../models/statistics/order-by-cluster.js";
import { simultaneousConfidence } from "../../models/statistics/simultaneous-confidence.js";

/** Rows of 60 sessions in three overlapping domains: everyone, one half, and another half. */
function rowsOf(seed: number) {
  const random = createRandom(seed);
  const session: number[] = [];
  for (let s = 0; s < 60; s++) for (let i = 0; i <= random.below(4); i++) session.push(s);
  random.shuffle(session);
  const clusters = Int32Array.from(session);
  const halves = clusters.map((s) => (s % 2 === 0 ? 1 : -1));
  const others = clusters.map((_, row) => (row % 3 === 0 ? 2 : -1));
  const amount = Float64Array.from(clusters, (s) => s / 60 + random.normal());
  const per = Float64Array.from(clusters, () => 1 + random.uniform());
  const all = Int32Array.from(clusters.keys());
  return {
    layout: {
      rows: orderByCluster(all, clusters, 60),
      clusters,
      domains: [clusters.map(() => 0), halves, others],
      count: 3,
    },
    amount,
    per,
    pick: (domain: number) => [...all].filter((row) => [true, halves[row] === 1, others[row] === 2][domain]),
  };
}

describe("ratios by domain", () => {
  const { layout, amount, per, pick } = rowsOf(1);

  it.each([0, 1, 2])("domain %i is what clusterRatio says of its rows alone", (domain) => {
    const rows = pick(domain);
    const of = (column: ArrayLike<number>) => rows.map((row) => column[row]!);
    const alone = clusterRatio(of(amount), of(per), of(layout.clusters));
    const together = domainRatios(layout, [per, amount], { per })[1]!;
    expect(together.values[domain]).toBeCloseTo(alone.value, 12);
    expect(Math.sqrt(together.covariance[domain * 4]!)).toBeCloseTo(alone.standardError, 12);
    expect(together.clusters[domain]).toBe(alone.clusters);
    expect(together.degrees[domain]).toBeCloseTo(alone.degrees, 9);
    expect(together.rows[domain]).toBe(rows.length);
  });

  it("a domain's gap from everyone has the error of the difference", () => {
    const gaps = domainGaps(domainRatios(layout, [amount], { compared: [0] })[0]!, 0);
    expect(gaps.values[0]).toBe(0);
    expect(gaps.covariance[0]).toBe(0);
    // Resampling sessions gives about the same error.
    const random = createRandom(7);
    const draws = Array.from({ length: 2_000 }, () => {
      const counts = new Float64Array(60);
      for (let i = 0; i < 60; i++) counts[random.below(60)]! += 1;
      const mean = (rows: number[]) => {
        const weight = rows.reduce((sum, row) => sum + counts[layout.clusters[row]!]!, 0);
        return rows.reduce((sum, row) => sum + counts[layout.clusters[row]!]! * amount[row]!, 0) / weight;
      };
      return mean(pick(1)) - mean(pick(0));
    });
    const centre = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const spread = Math.sqrt(draws.reduce((sum, value) => sum + (value - centre) ** 2, 0) / draws.length);
    expect(Math.sqrt(gaps.covariance[4]!) / spread).toBeGreaterThan(0.9);
    expect(Math.sqrt(gaps.covariance[4]!) / spread).toBeLessThan(1.1);
  });

  it("one session gives a value without bounds, no row gives none", () => {
    const one = domainRatios(
      { rows: Int32Array.of(0, 1), clusters: new Int32Array(2), domains: [new Int32Array(2)], count: 2 },
      [Float64Array.of(1, 2)],
    )[0]!;
    expect(domainInterval(one, 0)).toEqual({
      value: 1.5,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    expect(domainInterval(one, 1).value).toBeNaN();
  });
});

describe("simultaneous confidence", () => {
  const confidenceOf = (covariance: number[], size: number) =>
    simultaneousConfidence({
      covariance: Float64Array.from(covariance),
      size,
      members: Array.from({ length: size }, (_, m) => m),
    });

  it("of independent errors is Sidak's", () => {
    expect(confidenceOf([4, 0, 0, 0, 1, 0, 0, 0, 9], 3)).toBeCloseTo(0.95 ** (1 / 3), 2.5);
  });

  it("of one error twice is that of one", () => {
    expect(confidenceOf([1, 2, 2, 4], 2)).toBeCloseTo(0.95, 2.5);
  });

  it("passes over errors of 0, and is never wider than Bonferroni", () => {
    expect(confidenceOf([1, 0, 0, 0], 2)).toBe(0.95);
    expect(confidenceOf([1, 0, 0, 1], 2)).toBeLessThanOrEqual(0.975);
  });

  it("holds for all of many overlapping means at once", () => {
    const held = Array.from({ length: 200 }, (_, seed) => {
      const { layout, amount } = rowsOf(seed + 10);
      const ratios = domainRatios(layout, [amount], { compared: [0] })[0]!;
      const confidence = simultaneousConfidence({
        covariance: ratios.covariance,
        size: 3,
        members: [0, 1, 2],
      });
      // The mean of s / 60 over sessions, and over even ones.
      const truths = [59 / 120, 58 / 120, 59 / 120];
      return truths.every((truth, domain) => {
        const { low, high } = domainInterval(ratios, domain, confidence);
        return low <= truth && truth <= high;
      });
    });
    const share = held.filter(Boolean).length / held.length;
    expect(share).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / 200));
  });
});
