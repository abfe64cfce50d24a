import { expect, test } from "vitest";
import { createRandom, type Random } from "../../../datasets/random.js";
import { meanInterval } from "../../../models/statistics/mean-interval.js";
import { studentQuantile } from "../../../models/statistics/quantiles.js";
import { totalOfSums } from "../../../models/statistics/session-sums.js";

const mean = { value: 10, standardError: 2, count: 50, degrees: 49, skewness: 0 };

test("without skewness it is Student's t", () => {
  const half = 2 * studentQuantile(0.975, 49);
  expect(meanInterval(mean).low).toBeCloseTo(10 - half, 10);
  expect(meanInterval(mean).high).toBeCloseTo(10 + half, 10);
  expect(meanInterval({ ...mean, standardError: 0 })).toEqual({ value: 10, low: 10, high: 10 });
});

test("it reaches further to the side of the large amounts, and mirrors with the sign", () => {
  const right = meanInterval({ ...mean, skewness: 3 });
  const left = meanInterval({ ...mean, skewness: -3 });
  expect(right.high - 10).toBeGreaterThan(10 - right.low);
  expect(right.high - 10).toBeCloseTo(10 - left.low, 10);
  expect(right.low - 10).toBeCloseTo(10 - left.high, 10);
});

test("agrees with Hall's formula worked out by hand on the side of the large amounts, and with Student's t on the other", () => {
  // g^-1(x) = 3 / skew ((1 + skew (x - skew / 6 n))^(1/3) - 1), n = 100, skew = 2, t = 2 with many degrees
  const found = meanInterval(
    { value: 0, standardError: 0.1, count: 100, degrees: 1e9, skewness: 2 },
    0.9544997361036416,
  );
  const inverse = (x: number) => (3 / 2) * (Math.cbrt(1 + 2 * (x - 2 / 600)) - 1);
  expect(found.low).toBeCloseTo(-0.2, 6);
  expect(found.high).toBeCloseTo(-inverse(-0.2), 6);
});

test("heavy tails without skewness are no reason for a narrower interval", () => {
  let covered = 0;
  for (let seed = 1; seed <= 1_000; seed++) {
    const random = createRandom(seed);
    const draw = () => (random.uniform() < 0.02 ? 10 : 1) * random.normal();
    const { low, high } = totalOfSums(Float64Array.from({ length: 100 }, draw))!;
    covered += Number(low <= 0 && 0 <= high);
  }
  expect(covered / 1_000).toBeGreaterThan(0.94);
});

test.each<[string, (random: Random) => number, number]>([
  ["normal", (random) => random.normal(), 0],
  ["exponential", (random) => -Math.log(1 - random.uniform()), 1],
  ["lognormal, sigma 1.5", (random) => Math.exp(1.5 * random.normal()), Math.exp(1.125)],
  [
    "one session in twenty",
    (random) => (random.uniform() < 0.05 ? Math.exp(random.normal()) : 0),
    0.05 * Math.exp(0.5),
  ],
])("totals of 600 sessions hold the truth in about 95 % of 1,000 samples: %s", (_, draw, truth) => {
  let covered = 0;
  for (let seed = 1; seed <= 1_000; seed++) {
    const random = createRandom(seed);
    const { low, high } = totalOfSums(Float64Array.from({ length: 600 }, () => draw(random)))!;
    covered += Number(low <= 600 * truth && 600 * truth <= high);
  }
  // Margin: three binomial standard errors are 0.021; rare amounts may be held more often.
  expect(covered / 1_000).toBeGreaterThan(0.929);
  expect(covered / 1_000).toBeLessThan(0.985);
});
