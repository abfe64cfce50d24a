import { expect, test } from "vitest";
import { createRandom } from "../../../../datasets/random.js";
import type { Candidate } from "../../../../models/cache/cache-item.js";
import {
  fitVcacheThreshold,
  type Observation,
} from "../../../../models/cache/policies/fit-vcache-threshold.js";
import { exploreProbability } from "../../../../models/cache/policies/vcache-explore-probability.js";
import { vcachePolicy } from "../../../../models/cache/policies/vcache-policy.js";
import { itemOf } from "../stream-items.js";

const sigma = (logit: number) => 1 / (1 + Math.exp(-logit));
const observe = (...pairs: ReadonlyArray<readonly [cosine: number, isSame: 0 | 1]>): Observation[] =>
  pairs.map(([cosine, isSame]) => ({ cosine, isSame: isSame === 1 }));

test("observations that lie symmetrically around 0.5 give t = 0.5, the slope of least loss and 1 / (slope² sum of p(1-p))", () => {
  const observations = observe([0, 0], [1, 1], [0.4, 1], [0.6, 0], [0.3, 0], [0.7, 1]);
  const { t, slope, variance } = fitVcacheThreshold(observations);
  expect(t).toBeCloseTo(0.5, 8);
  const score = 0.5 * (1 - sigma(0.5 * slope)) + 0.2 * (1 - sigma(0.2 * slope)) - 0.1 * sigma(0.1 * slope);
  expect(score).toBeCloseTo(0, 7);
  const weights = observations.map(({ cosine }) => {
    const p = sigma(slope * (cosine - 0.5));
    return p * (1 - p);
  });
  expect(variance).toBeCloseTo(1 / (slope ** 2 * weights.reduce((sum, weight) => sum + weight)), 8);
});

test("separated observations give the middle of the gap and the variance of the table", () => {
  const six = observe([0, 0], [1, 1], [0.9, 1], [0.8, 1], [0.5, 0], [0.4, 0]);
  expect(fitVcacheThreshold(six)).toMatchObject({ variance: 0.0354 });
  expect(fitVcacheThreshold(six).t).toBeCloseTo(0.65, 10);
  const more = (count: number) => [...six, ...observe(...Array(count).fill([0.95, 1] as const))];
  expect(fitVcacheThreshold(more(1)).variance).toBeCloseTo((0.0354 + 0.0264) / 2, 10);
  expect(fitVcacheThreshold(more(42)).variance).toBe(0.0153);
  expect(fitVcacheThreshold(more(94)).variance).toBe(0.0153);
});

test.each([
  ["labels that fall with the cosine", observe([0, 0], [1, 1], [0.2, 1], [0.3, 1], [0.8, 0], [0.9, 0])],
  ["both labels at the edge of the gap", observe([0, 0], [1, 1], [0.8, 1], [0.8, 0], [0.9, 1], [0.7, 0])],
  ["both labels at one cosine", observe([0, 0], [1, 1], [0.8, 1], [0.8, 0], [0.8, 1], [0.8, 0])],
  ["other answers at a cosine of 1", observe([0, 0], [1, 1], [1, 0], [1, 0], [1, 0], [1, 0])],
])("%s give a finite curve", (_, observations) => {
  const { t, slope, variance } = fitVcacheThreshold(observations);
  expect(t).toBeGreaterThanOrEqual(0);
  expect(t).toBeLessThanOrEqual(1);
  expect(slope).toBeGreaterThan(0);
  expect(variance).toBeGreaterThanOrEqual(0);
  const probability = exploreProbability({ t, slope, variance }, 0.95, 0.02);
  expect(probability).toBeLessThanOrEqual(1);
});

test("a threshold that is certain explores with probability 1 - delta / P(wrong)", () => {
  const threshold = { t: 0.5, slope: Math.log(9) / 0.2, variance: 0 };
  expect(exploreProbability(threshold, 0.7, 0.02)).toBeCloseTo(1 - 0.02 / 0.1, 4);
  expect(exploreProbability(threshold, 0.7, 0.2)).toBeLessThan(0);
});

test("an uncertain threshold costs the chance eps that it lies higher", () => {
  // 0.7 is 2 deviations above t: of the grid's eps, 2/49 is the least whose limit lies below 0.7.
  const threshold = { t: 0.5, slope: 1_000, variance: 0.01 };
  expect(exploreProbability(threshold, 0.7, 0.02)).toBeCloseTo(1 - 0.02 / (2 / 49), 4);
});

test("an entry isn't served before it was compared four times, and only other answers become entries", () => {
  const policy = vcachePolicy({ delta: 0.5, seed: 1 });
  const candidate = candidateAt(0.99);
  for (let seen = 0; seen < 4; seen++) {
    expect(Array.from({ length: 20 }, () => policy.pick(candidate))).not.toContain(0);
    expect(policy.learns!(candidate, true)).toBe(false);
  }
  expect(Array.from({ length: 20 }, () => policy.pick(candidate))).toContain(0);
  expect(policy.learns!(candidate, false)).toBe(true);
  expect(policy.learns!(candidate, null)).toBe(true);
});

test("where the curve is a sigmoid, wrong hits stay below delta, and there are hits", () => {
  const delta = 0.05;
  let hits = 0;
  let wrong = 0;
  const runs = 12;
  const requests = 250;
  for (let seed = 0; seed < runs; seed++) {
    const random = createRandom(seed);
    const policy = vcachePolicy({ delta, seed });
    const entry = itemOf("entry", 0);
    for (let i = 0; i < requests; i++) {
      const cosine = random.uniform();
      const isSame = random.uniform() < sigma(20 * (cosine - 0.6));
      const candidate: Candidate = { item: itemOf("x", i), neighbours: [{ entry, cosine }] };
      if (policy.pick(candidate) === 0) {
        hits += 1;
        wrong += Number(!isSame);
      } else policy.learns!(candidate, isSame);
    }
  }
  expect(wrong / (runs * requests)).toBeLessThan(delta);
  expect(hits / (runs * requests)).toBeGreaterThan(0.2);
});

test.each([0, 1, Number.NaN])("a delta of %d is refused", (delta) => {
  expect(() => vcachePolicy({ delta, seed: 1 })).toThrow(RangeError);
});

const entry = itemOf("entry", 0);
function candidateAt(cosine: number): Candidate {
  return { item: itemOf("x", 1), neighbours: [{ entry, cosine }] };
}
