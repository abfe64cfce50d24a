import { expect, test } from "vitest";
import { createRandom } from "../../datasets/random.js";
import { clusterJackknife } from "../../models/statistics/cluster-jackknife.js";
import { clusterRatio, skewedRatioInterval } from "../../models/statistics/cluster-ratio.js";

const random = createRandom(5);
const usd = Float64Array.from({ length: 60 }, () => Math.exp(random.normal()));
const calls = Float64Array.from(usd, (amount) => 1 + Math.round(20 * amount * random.uniform()));
const ids = [...usd.keys()];

test("the interval of a total is the cluster-robust one of a mean, times the clusters", () => {
  const [found] = clusterJackknife({ columns: [usd], statistics: ([sum]) => [sum!] });
  const mean = skewedRatioInterval(clusterRatio(usd, new Float64Array(60).fill(1), ids));
  expect(found!.value).toBeCloseTo(60 * mean.value, 10);
  expect(found!.low).toBeCloseTo(60 * mean.low, 10);
  expect(found!.high).toBeCloseTo(60 * mean.high, 10);
});

test("the interval of a ratio is the linearised one, but for terms of second order", () => {
  const [found] = clusterJackknife({
    columns: [usd, calls],
    statistics: ([top, bottom]) => [top! / bottom!],
  });
  const linear = skewedRatioInterval(clusterRatio(usd, calls, ids));
  expect(found!.value).toBeCloseTo(linear.value, 12);
  const width = (interval: { low: number; high: number }) => interval.high - interval.low;
  expect(width(found!) / width(linear)).toBeGreaterThan(0.9);
  expect(width(found!) / width(linear)).toBeLessThan(1.2);
});

test("a figure that no cluster changes has no width, and one cluster tells nothing", () => {
  const flat = clusterJackknife({ columns: [usd], statistics: () => [100] });
  expect(flat).toEqual([{ value: 100, low: 100, high: 100 }]);
  const alone = clusterJackknife({ columns: [Float64Array.of(3)], statistics: ([sum]) => [sum!] });
  expect(alone).toEqual([{ value: 3, low: -Infinity, high: Infinity }]);
});

test("many clusters in groups give about the same interval", () => {
  const many = Float64Array.from({ length: 20_000 }, () => Math.exp(random.normal()));
  const widthWith = (maxGroups: number) => {
    const [found] = clusterJackknife({ columns: [many], statistics: ([sum]) => [sum!], maxGroups });
    return found!.high - found!.low;
  };
  expect(widthWith(500) / widthWith(20_000)).toBeGreaterThan(0.85);
  expect(widthWith(500) / widthWith(20_000)).toBeLessThan(1.15);
});

/** Share of 400 samples of payers whose interval covers the true bill: $100 promised, and above it half of each dollar. */
function coverageOf(payers: number, sigma: number): number {
  const seeded = createRandom(11);
  const bill = (sum: number) => (sum <= 100 ? 100 : 100 + (sum - 100) / 2);
  const truth = bill(payers * Math.exp(sigma ** 2 / 2));
  let covered = 0;
  for (let sample = 0; sample < 400; sample++) {
    const drawn = Float64Array.from({ length: payers }, () => Math.exp(sigma * seeded.normal()));
    const [found] = clusterJackknife({ columns: [drawn], statistics: ([sum]) => [bill(sum!)] });
    if (found!.low <= truth && truth <= found!.high) covered += 1;
  }
  return covered / 400;
}

test("a bill with a commitment is covered in about 95 % of 400 samples of 200 payers", () => {
  expect(Math.abs(coverageOf(200, 0.5) - 0.95)).toBeLessThan(0.03);
});

test("known gap: of 80 payers with a heavy tail (log-normal, sigma 1) about 90 % are covered", () => {
  expect(Math.abs(coverageOf(80, 1) - 0.9)).toBeLessThan(0.04);
});
