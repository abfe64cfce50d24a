import { describe, expect, test } from "vitest";
import type { ReplayedWorkspace } from "../../../pipelines/replay/open-replay.js";
import { type ForecastOptions, forecastSpend } from "../../../pipelines/forecast/forecast-spend.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["small", "large"];
const manifest = { artifact_id: "a", training: { is_simulated: false } } as ReplayedWorkspace["manifest"];
const monday = Date.UTC(2026, 0, 5) * 1000;
const hourUs = 3600e6;

function forecast(attempts: readonly ReplayedAttempt[], options: ForecastOptions = {}) {
  return forecastSpend({ replay: replayData(models, attempts), manifest }, options);
}

/** Two calls a day for $6 and $4, just after midnight and just before it; the router sends the second to the small model for $1. */
function evenDays(days: number, skip: readonly number[] = []): ReplayedAttempt[] {
  return Array.from({ length: days }, (_, day) => day)
    .filter((day) => !skip.includes(day))
    .flatMap((day) => [
      { createdAt: monday + (24 * day + 0.1) * hourUs, usd: [2, 6], chosen: 1 },
      { createdAt: monday + (24 * day + 23.9) * hourUs, usd: [1, 4], chosen: 0 },
    ]);
}

test("even days go on as they were: $10 a day as is, $7 with the router, and nothing around them", () => {
  const { horizons, model, window } = forecast(evenDays(30));
  expect(window).toMatchObject({ from: "2026-01-05", to: "2026-02-03", whole_days: 30, partial_days: 0 });
  expect(model).toMatchObject({ has_weekdays: true, growth: "not_supported" });
  expect(horizons.map(({ days, from, to }) => [days, from, to])).toEqual([
    [30, "2026-02-04", "2026-03-05"],
    [90, "2026-02-04", "2026-05-04"],
    [365, "2026-02-04", "2027-02-03"],
  ]);
  for (const { days, billed_usd, routed_usd, saving_usd } of horizons) {
    expect(billed_usd.value).toBeCloseTo(10 * days, 6);
    expect(routed_usd!.value).toBeCloseTo(7 * days, 6);
    expect(saving_usd!.value).toBeCloseTo(3 * days, 6);
  }
  expect(horizons[1]!.saving_usd).toMatchObject({ low: expect.closeTo(270, 6), high: expect.closeTo(270, 6) });
});

test("no interval beyond three times the log, and the notes say so", () => {
  const { horizons, notes, daily, model } = forecast(evenDays(30));
  expect(horizons.map(({ has_interval }) => has_interval)).toEqual([true, true, false]);
  expect(horizons[2]!.billed_usd.low).toBe(Number.NEGATIVE_INFINITY);
  expect(horizons[2]!.billed_usd.method).toContain("beyond what 30 days of log can say");
  expect(notes.join()).toContain("Sums over more than 90 days have no interval");
  expect([model.interval_days, daily.length]).toEqual([90, 90]);
});

test("a day on which the log begins or ends inside it is left out, and shown", () => {
  const noon = { usd: [1, 5], chosen: 1 };
  const { window, horizons, history } = forecast([
    { ...noon, createdAt: monday - 12 * hourUs },
    ...evenDays(20),
    { ...noon, createdAt: monday + (20 * 24 + 12) * hourUs },
  ]);
  expect(window).toMatchObject({ whole_days: 20, partial_days: 2, partial_usd: 10, from: "2026-01-05" });
  expect(horizons[0]).toMatchObject({ from: "2026-01-25", billed_usd: { value: expect.closeTo(300, 6) } });
  expect(history.filter(({ is_partial }) => is_partial).map(({ day }) => day)).toEqual([
    "2026-01-04",
    "2026-01-25",
  ]);
});

test("days without traffic inside the log cost nothing, and pull the mean down", () => {
  const weekends = [5, 6, 12, 13, 19, 20, 26, 27];
  const { window, horizons } = forecast(evenDays(28, [...weekends.slice(0, 7), 27]).concat(evenDays(29).slice(-2)));
  expect(window).toMatchObject({ whole_days: 29, empty_days: 8 });
  // weekends stay empty: four weeks ahead hold 20 days of traffic, 30 days begin on Tuesday and hold 22
  expect(horizons[0]!.billed_usd.value).toBeCloseTo(220, 6);
});

test("a single day carries its sum forward without an interval", () => {
  const { horizons, notes, backtest, model, daily } = forecast(evenDays(1));
  expect(horizons[0]!.billed_usd).toMatchObject({ value: 300, low: Number.NEGATIVE_INFINITY });
  expect(model.growth).toBe("too_few_days");
  expect([backtest, daily]).toEqual([null, []]);
  expect(notes.join()).toContain("The log holds 1 whole days: its mean pace is carried forward");
});

test("an hour of log counts as a day: nothing is scaled up", () => {
  const { horizons } = forecast([
    { createdAt: monday + 9 * hourUs, usd: [1, 2] },
    { createdAt: monday + 10 * hourUs, usd: [1, 2] },
  ]);
  expect(horizons[0]!.billed_usd.value).toBeCloseTo(4 * 30, 6);
});

describe("logs that say little", () => {
  test("no attempt: nothing is forecast, and the notes say why", () => {
    const result = forecast([], { budget: 5, commit: 5 });
    expect(result).toMatchObject({ horizons: [], budget: null, backtest: null, history: [], daily: [] });
    expect(result.notes.join()).toContain("nothing to forecast from");
  });

  test("nothing replayed: the saving is unknown, not 0", () => {
    const { horizons, notes, history } = forecast(
      Array.from({ length: 12 }, (_, day) => ({ createdAt: monday + 24 * day * hourUs, billed: 3 })),
    );
    expect(horizons[0]).toMatchObject({ routed_usd: null, saving_usd: null });
    expect(horizons[0]!.billed_usd.value).toBeCloseTo(90, 6);
    expect(history[0]!.routed_usd).toBeNull();
    expect(notes.join()).toContain("what it would save is unknown");
  });

  test("attempts without a price are counted and in no sum", () => {
    const { coverage, horizons } = forecast([
      ...evenDays(12),
      { createdAt: monday + hourUs, isUnknown: true, billed: 1000 },
      { createdAt: monday + hourUs },
    ]);
    expect(coverage).toEqual([
      { evidence: "replayed", requests: 24, usd: 120 },
      { evidence: "measured", requests: 0, usd: 0 },
      { evidence: "unknown", requests: 2, usd: 0 },
    ]);
    expect(horizons[0]!.billed_usd.value).toBeCloseTo(300, 6);
  });

  test("an attempt without a time is in no day", () => {
    const { horizons } = forecast([...evenDays(12), { createdAt: Number.NaN, usd: [1, 1000] }]);
    expect(horizons[0]!.billed_usd.value).toBeCloseTo(300, 6);
  });
});

test("what falls below a commitment is paid all the same", () => {
  // a month of 30 days commits 30 / 30.4375 of the given sum
  const perMonth = (usd: number) => (usd * 30.4375) / 30;
  const savedAfter = (commit: number) =>
    forecast(evenDays(30), { commit }).horizons.map((row) => row.saving_after_commit_usd!.value);
  expect(savedAfter(perMonth(0))[0]).toBeCloseTo(90, 6);
  // as is 300, routed 210, committed 250: 50 are saved
  expect(savedAfter(perMonth(250))).toEqual([
    expect.closeTo(50, 6),
    expect.closeTo(150, 6),
    // twelve months and five days of the same
    expect.closeTo(50 * 12 + 50 / 6, 6),
  ]);
  expect(savedAfter(perMonth(400))[0]).toBe(0);
});

test("a budget is passed on a day, with a chance", () => {
  const alarm = (budget: number) => forecast(evenDays(30), { budget }).budget!;
  expect(alarm(250)).toEqual({
    usd_per_month: 250,
    as_is: {
      expected_usd: expect.closeTo(300, 6),
      probability_over: 1,
      passed_on: "2026-03-01",
      first_month_over: "2026-02-04",
    },
    with_router: {
      expected_usd: expect.closeTo(210, 6),
      probability_over: 0,
      passed_on: null,
      first_month_over: null,
    },
  });
  const growing = forecast(evenDays(30), { budget: 350, growth: 0.1 }).budget!.as_is;
  expect(growing.passed_on).toBeNull();
  expect(growing.first_month_over).toBe("2026-04-05");
});

test("the last third is forecast from the days before, and compared", () => {
  expect(forecast(evenDays(30)).backtest).toMatchObject({
    trained_days: 20,
    held_out_days: 10,
    actual_usd: 100,
    forecast_usd: { value: expect.closeTo(100, 6) },
  });
  const jump = forecast(
    evenDays(30).map((attempt, i) => ({
      ...attempt,
      usd: attempt.usd!.map((usd) => (i >= 40 ? 5 * usd : usd * (i % 4 < 2 ? 0.9 : 1.1))),
    })),
  ).backtest!;
  expect(jump.is_inside).toBe(false);
  expect(jump.forecast_usd.high).toBeLessThan(200);
});

test("the same log gives the same bytes", () => {
  const uneven = evenDays(40).map((attempt, i) => ({
    ...attempt,
    usd: attempt.usd!.map((usd) => usd * (1 + ((i * 7) % 5))),
  }));
  expect(JSON.stringify(forecast(uneven))).toBe(JSON.stringify(forecast(uneven)));
  expect(JSON.stringify(forecast(uneven, { seed: 2 }))).not.toBe(JSON.stringify(forecast(uneven)));
});
