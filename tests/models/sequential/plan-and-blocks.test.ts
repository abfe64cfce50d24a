import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { plantDifferences } from "../../../datasets/synthetic/planted-differences.js";
import { normalCdf } from "../../../models/statistics/normal-cdf.js";
import { holm } from "../../../models/statistics/sequential/holm.js";
import { planPaired, reachableMargin } from "../../../models/statistics/sequential/plan-paired.js";
import { openSampleRatioProcess } from "../../../models/statistics/sequential/sample-ratio-process.js";
import { sessionBlocks } from "../../../models/statistics/sequential/session-blocks.js";
import { sessionLikeness } from "../../../models/statistics/session-likeness.js";
import { measureStopping } from "../../../scripts/bench/measure-shadow.js";

const usual = { alpha: 0.05, power: 0.8 };

describe("planning", () => {
  test.each([
    [0.2, 0.02, 3_092],
    [0.2, 0.03, 1_374],
    [0.1, 0.02, 1_546],
    [0.2, 0.05, 495],
  ])("discordance %d and margin %d take %d pairs at one look", (discordance, margin, fixed) => {
    expect(planPaired({ discordance, margin, ...usual }).fixed).toBe(fixed);
  });

  test("the planned pairs of both sequential tests are the simulated 80 % quantiles, within 20 %", () => {
    const planned = planPaired({ discordance: 0.2, margin: 0.05, ...usual });
    const times = measureStopping(
      { discordance: 0.2, margin: 0.05, difference: 0 },
      { runs: 400, mostPairs: 8_000, lookEvery: 10, seed: 77 },
    );
    const p80 = (stops: number[]) => stops.sort((a, b) => a - b)[319]!;
    expect(planned.eProcess / p80(times.eProcess)).toBeGreaterThan(0.8);
    expect(planned.eProcess / p80(times.eProcess)).toBeLessThan(1.2);
    expect(planned.sequence / p80(times.sequence)).toBeGreaterThan(0.8);
    expect(planned.sequence / p80(times.sequence)).toBeLessThan(1.2);
  });

  test("a candidate at the margin is never certified", () => {
    expect(planPaired({ discordance: 0.2, margin: 0.02, difference: 0.02, ...usual })).toEqual({
      fixed: Number.POSITIVE_INFINITY,
      sequence: Number.POSITIVE_INFINITY,
      eProcess: Number.POSITIVE_INFINITY,
    });
  });

  test("the design effect multiplies the pairs", () => {
    const one = planPaired({ discordance: 0.2, margin: 0.02, ...usual }).fixed;
    expect(planPaired({ discordance: 0.2, margin: 0.02, designEffect: 3, ...usual }).fixed).toBeCloseTo(
      3 * one,
      -1,
    );
  });

  test("7,000 pairs certify 2 points, 700 barely 5, and five nothing", () => {
    const reach = (pairs: number) => reachableMargin(pairs, "eProcess", { discordance: 0.2, ...usual });
    expect(reach(7_000)).toBeLessThan(0.02);
    expect(reach(700)).toBeGreaterThan(0.05);
    expect(reach(700)).toBeLessThan(0.06);
    expect(reach(5)).toBeNull();
  });
});

describe("session blocks", () => {
  const hour = 3.6e9;
  const rows = (session: string, ...hours: number[]) => hours.map((h) => ({ session, at: h * hour }));
  const sessions = ({ blocks }: ReturnType<typeof sessionBlocks>) =>
    blocks.map(({ session, rows: kept, closedAt }) => [session, kept.length, closedAt / hour]);

  test("a session closes at its cap or after the gap, and what comes later is set aside", () => {
    const all = [...rows("a", 0, 1, 2, 3), ...rows("b", 1, 1.5, 20), ...rows("c", 23)];
    const found = sessionBlocks(all, { cap: 3, gapUs: 6 * hour, until: 24 * hour });
    expect(sessions(found)).toEqual([
      ["a", 3, 2],
      ["b", 2, 7.5],
    ]);
    expect(found.late.map(({ at }) => at / hour)).toEqual([3, 20]);
    expect(found.open.map(({ session }) => session)).toEqual(["c"]);
  });

  test("blocks that were closed at one look are the same, in the same order, at every later one", () => {
    const random = createRandom(3);
    const all = Array.from({ length: 400 }, () => ({
      session: `s${random.below(60)}`,
      at: random.below(200) * hour,
    }));
    const at = (until: number) =>
      sessions(sessionBlocks(all, { cap: 4, gapUs: 6 * hour, until: until * hour }));
    const last = at(250);
    for (const until of [10, 50, 120, 199]) {
      const earlier = at(until);
      expect(earlier.length).toBeGreaterThan(0);
      expect(last.slice(0, earlier.length)).toEqual(earlier);
    }
  });
});

describe("sample ratio process", () => {
  test("has a mean of 1 under the designed rate, exactly", () => {
    let mean = 0;
    for (let path = 0; path < 2 ** 10; path++) {
      const process = openSampleRatioProcess(0.3, 20);
      let p = 1;
      for (let bit = 0; bit < 10; bit++) {
        const isSampled = (path >> bit) % 2 === 1;
        p *= isSampled ? 0.3 : 0.7;
        process.add(isSampled);
      }
      mean += p * Math.exp(process.logEvidence);
    }
    expect(mean).toBeCloseTo(1, 10);
  });

  test("notices one sampled unit in ten being lost, and is quiet otherwise", () => {
    const peak = (lost: number, seed: number) => {
      const random = createRandom(seed);
      const process = openSampleRatioProcess(0.1);
      for (let i = 0; i < 60_000; i++) {
        const isSampled = random.uniform() < 0.1;
        if (!isSampled || random.uniform() >= lost) process.add(isSampled);
      }
      return process.peak;
    };
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    expect(seeds.every((seed) => peak(0.1, seed) > Math.log(1_000))).toBe(true);
    expect(seeds.every((seed) => peak(0, seed) < Math.log(1_000))).toBe(true);
  });
});

test("Holm's adjustment multiplies the smallest most and keeps the order", () => {
  expect(holm([0.01, 0.04, 0.03, 0.5])).toEqual([0.04, 0.09, 0.09, 0.5]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test("the normal distribution function agrees with tables, tails included", () => {
  expect(normalCdf(0)).toBe(0.5);
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 13);
  expect(normalCdf(-3) / 0.0013498980316300946).toBeCloseTo(1, 11);
  expect(normalCdf(-10) / 7.619853024160527e-24).toBeCloseTo(1, 11);
  expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
});

test("likeness within sessions comes back from a planted stream", () => {
  const planted = { sessions: 4_000, meanSession: 4, discordance: 0.3, difference: 0, seed: 5 };
  for (const icc of [0, 0.3, 0.6]) {
    const { values, clusters } = plantDifferences({ ...planted, icc });
    const found = sessionLikeness(values, clusters)!;
    expect(Math.abs(found.icc - icc)).toBeLessThan(0.04);
    expect(found.variance).toBeCloseTo(0.3, 1.5);
  }
  expect(sessionLikeness([1, 0], [0, 1])).toBeNull();
});
