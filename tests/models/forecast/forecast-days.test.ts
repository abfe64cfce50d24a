import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { forecastDays } from "../../../models/forecast/forecast-days.js";
import { sampleQuantile } from "../../../models/statistics/quantiles.js";

const monday = 20_458;
const weekday = [1, 1.1, 1.05, 1, 0.9, 0.4, 0.3];
const perMonth = (growth: number) => Math.log1p(growth) / 30.4375;

/** Daily amounts of known mean: level by weekday, growth, and log-normal noise of mean 1. */
function planted(
  days: number,
  { growth = 0, noise = 0.2, seed }: { growth?: number; noise?: number; seed: number },
): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    { length: days },
    (_, t) =>
      100 *
      weekday[t % 7]! *
      Math.exp(perMonth(growth) * t) *
      Math.exp(noise * random.normal() - noise ** 2 / 2),
  );
}

describe("prediction intervals cover the sum of coming days in about 95 % of 200 seeds", () => {
  // 200 seeds: a true 95 % lies within 0.95 +- 0.037 in 98 of 100 runs; the bounds leave 0.06
  test.each([
    { name: "level, a month", days: 30, horizon: 30, growth: 0, noise: 0.2 },
    { name: "level, three times as far as the log", days: 30, horizon: 90, growth: 0, noise: 0.2 },
    { name: "growth too small to be shown", days: 30, horizon: 30, growth: 0.1, noise: 0.2 },
    { name: "growth that is shown half of the time", days: 30, horizon: 30, growth: 0.3, noise: 0.2 },
    { name: "growth that is shown", days: 60, horizon: 60, growth: 0.2, noise: 0.2 },
    { name: "shrinking spend", days: 60, horizon: 60, growth: -0.2, noise: 0.2 },
    { name: "noise as large as the level", days: 30, horizon: 30, growth: 0, noise: 0.8 },
  ])("$name", ({ days, horizon, growth, noise }) => {
    let inside = 0;
    for (let seed = 0; seed < 200; seed++) {
      const all = planted(days + horizon, { growth, noise, seed: 1000 + seed });
      const { drawTotals } = forecastDays([all.slice(0, days)], {
        firstDay: monday,
        givenSlope: null,
        horizon,
        replicates: 200,
        seed,
      });
      const actual = all.slice(days).reduce((sum, usd) => sum + usd, 0);
      const draws = drawTotals(0, 0, horizon).sort();
      if (actual >= sampleQuantile(draws, 0.025) && actual <= sampleQuantile(draws, 0.975)) inside += 1;
    }
    expect(inside / 200).toBeGreaterThan(0.89);
  });
});

test("growth is said to be shown in about 5 % of level series", () => {
  let shown = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { model } = forecastDays([planted(42, { seed })], {
      firstDay: monday,
      givenSlope: null,
      horizon: 1,
      replicates: 1,
      seed,
    });
    shown += Number(model.isGrowthSupported);
  }
  expect(shown / 200).toBeLessThan(0.11);
});

test("a series without noise is continued: weekdays, growth and all", () => {
  const all = planted(70, { growth: 0.1, noise: 0, seed: 1 });
  const { model, expected } = forecastDays([all.slice(0, 42)], {
    firstDay: monday,
    givenSlope: null,
    horizon: 28,
    replicates: 10,
    seed: 1,
  });
  expect(model.isGrowthSupported).toBe(true);
  expect(model.slope).toBeCloseTo(perMonth(0.1), 9);
  for (let i = 0; i < 28; i++) expect(expected[0]![i]).toBeCloseTo(all[42 + i]!, 6);
});

test("a given growth replaces the log's own ahead, for as long as is asked", () => {
  const flat = new Float64Array(14).fill(10);
  const { expected } = forecastDays([flat], {
    firstDay: monday,
    givenSlope: Math.log(1.5) / 30,
    horizon: 300,
    replicates: 10,
    seed: 1,
  });
  expect(expected[0]![29]).toBeCloseTo(15, 9);
  expect(expected[0]![299]).toBeCloseTo(10 * 1.5 ** 10, 6);
});

test("spend that doubled every day for a month ends at eight times its last level", () => {
  const doubling = Float64Array.from({ length: 30 }, (_, t) => 2 ** t);
  const { expected, drawTotals } = forecastDays([doubling], {
    firstDay: monday,
    givenSlope: null,
    horizon: 365,
    replicates: 100,
    seed: 1,
  });
  expect(expected[0]![364]! / 2 ** 29).toBeLessThan(8.01);
  expect(Math.max(...drawTotals(0, 0, 365))).toBeLessThan(365 * 8.01 * 2 ** 29);
});

test("all of the money on the last day gives numbers, not infinities", () => {
  const last = new Float64Array(40);
  last[39] = 100;
  const { expected, drawTotals } = forecastDays([last], {
    firstDay: monday,
    givenSlope: null,
    horizon: 30,
    replicates: 50,
    seed: 1,
  });
  for (const value of [...expected[0]!, ...drawTotals(0, 0, 30)]) expect(Number.isFinite(value)).toBe(true);
});

test("nothing spent gives nothing", () => {
  const { expected, drawTotals } = forecastDays([new Float64Array(30)], {
    firstDay: monday,
    givenSlope: null,
    horizon: 30,
    replicates: 20,
    seed: 1,
  });
  expect(Math.max(...expected[0]!, ...drawTotals(0, 0, 30))).toBe(0);
});

test("series of the same days share their luck: a constant share of another has no error of its own", () => {
  const whole = planted(35, { seed: 3 });
  const { drawTotals } = forecastDays([whole, whole.map((usd) => usd / 4)], {
    firstDay: monday,
    givenSlope: null,
    horizon: 30,
    replicates: 50,
    seed: 1,
  });
  const quarter = drawTotals(1, 0, 30);
  drawTotals(0, 0, 30).forEach((usd, i) => {
    expect(quarter[i]! * 4).toBeCloseTo(usd, 6);
  });
});

test("the same seed draws the same, another one another", () => {
  const draw = (seed: number) =>
    forecastDays([planted(30, { seed: 5 })], {
      firstDay: monday,
      givenSlope: null,
      horizon: 30,
      replicates: 20,
      seed,
    }).drawTotals(0, 0, 30);
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});
