import { describe, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { clusterQuantiles } from "../../../models/statistics/cluster-quantile.js";
import { orderStatistics, quantileFrom } from "../../../models/statistics/order-statistics.js";
import { sampleQuantile } from "../../../models/statistics/quantiles.js";

describe("order statistics", () => {
  it.each([1, 100, 20_000])("are those of a sort, for %i values", (count) => {
    const random = createRandom(count);
    const values = Float64Array.from({ length: count }, () =>
      random.uniform() < 0.2 ? 0 : Math.exp(8 * random.uniform()) * 10 ** random.below(4),
    );
    const at = orderStatistics(values);
    const sorted = values.slice().sort();
    for (let i = 0; i < 50; i++) {
      const place = random.below(count);
      expect(at(place)).toBe(sorted[place]);
      const p = random.uniform();
      expect(quantileFrom(at, count, p)).toBeCloseTo(sampleQuantile(sorted, p), 9);
    }
  });

  it("are of a part of a larger buffer, too", () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => i);
    expect(orderStatistics(values.subarray(5_000))(0)).toBe(5_000);
  });
});

describe("clustered quantiles", () => {
  it("cover the true median and 95th percentile in about 95 % of 200 seeds (at least 91 %)", () => {
    // times of a session share a factor: log-normal, standard deviation 0.5 between and 0.4 within sessions
    const spread = Math.sqrt(0.5 ** 2 + 0.4 ** 2);
    const truth = [1, Math.exp(1.6448536 * spread)];
    const covered = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const [values, clusters] = [new Float64Array(1_000), new Int32Array(1_000)];
      for (let session = 0; session < 200; session++) {
        const shared = 0.5 * random.normal();
        for (let i = 0; i < 5; i++) {
          values[5 * session + i] = Math.exp(shared + 0.4 * random.normal());
          clusters[5 * session + i] = session;
        }
      }
      clusterQuantiles(values, clusters, 200, [0.5, 0.95]).forEach(({ low, high }, i) => {
        covered[i]! += Number(low <= truth[i]! && truth[i]! <= high);
      });
    }
    for (const count of covered) expect(count).toBeGreaterThanOrEqual(182);
  });

  it("give no bound that the values can't give", () => {
    const [p95] = clusterQuantiles(Float64Array.of(1, 2, 3, 4), Int32Array.of(0, 1, 2, 3), 4, [0.95]);
    expect(p95!.high).toBe(Number.POSITIVE_INFINITY);
    const [median] = clusterQuantiles(Float64Array.of(1, 2, 3), new Int32Array(3), 1, [0.5]);
    expect(median).toEqual({ value: 2, low: -Infinity, high: Infinity });
    expect(clusterQuantiles(new Float64Array(0), new Int32Array(0), 0, [0.5])).toEqual([]);
  });
});
