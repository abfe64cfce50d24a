import { expect, test } from "vitest";
import type { StrategyRow } from "../../../datasets/results.js";
import type { LabelledPairs } from "../../../pipelines/simulate/labelled-pairs.js";
import { Left } from "../../../pipelines/simulate/left-reasons.js";
import { measuredRetention, operatingPoint } from "../../../pipelines/simulate/operating-point.js";
import { type ReplayColumns, replayColumns } from "../../../pipelines/simulate/replay-columns.js";
import { trafficStrategies } from "../../../pipelines/simulate/traffic-strategies.js";

/** Twelve requests of four sessions and one failed attempt. All were served by the strong model at 10, the cheap one costs 1; the router
 * keeps every third. Prompts grow longer, rules find the later ones easier. */
function log(): { columns: ReplayColumns; rows: Int32Array } {
  const columns = replayColumns(13, 2);
  const rows = Int32Array.from({ length: 12 }, (_, row) => row);
  for (const row of rows) {
    columns.session[row] = Math.floor(row / 3);
    columns.served[row] = 1;
    columns.chosen[row] = row % 3 === 0 ? 1 : 0;
    columns.billed[row] = 10;
    columns.usd[row] = 1;
    columns.usd[13 + row] = 10;
    columns.sufficiency[row] = row % 3 === 0 ? 0.25 : 1 - row / 100;
    columns.sufficiency[13 + row] = 1;
    columns.inputTokens[row] = 300;
    columns.outputTokens[row] = 100;
    columns.latency[row] = 1000;
    columns.length[row] = 10 * (row + 1);
    columns.rules[row] = -row;
  }
  columns.left[12] = Left.failed;
  columns.served[12] = 1;
  columns.billed[12] = 6;
  columns.session[12] = 3;
  return { columns, rows };
}

const options = { models: ["cheap", "strong"], bestSingle: 0, retention: 0.9, pairs: null, heldOut: [] };

function strategies(pairs: LabelledPairs | null = null): Record<string, StrategyRow> {
  const { columns, rows } = log();
  const found = trafficStrategies(columns, rows, { ...options, pairs });
  return Object.fromEntries(found.map((row) => [row.strategy, row]));
}

test("totals of every strategy are those by hand", () => {
  const found = strategies();
  const usd = Object.fromEntries(Object.entries(found).map(([name, row]) => [name, row.usd.value]));
  // The router: 4 requests at 10 and 8 at 1. Rules, length and ensemble spend as much.
  const expected = { billed: 120, always_strong: 120, always_cheapest: 12, best_single: 12, router: 48 };
  for (const [name, value] of Object.entries({ ...expected, rules: 48, length: 48, ensemble: 48 }))
    expect(usd[name], name).toBeCloseTo(value, 9);
  expect(usd.cost_matched_random).toBeCloseTo(48, 9);
  expect(found.cost_matched_random!.strong_share).toBeCloseTo((48 - 12) / (120 - 12), 12);
});

test("each cost is given per request, per million tokens and per answered request, failed attempts included", () => {
  const { router } = strategies();
  expect(router!.usd_per_request!.value).toBeCloseTo(48 / 12, 12);
  expect(router!.usd_per_mtok!.value).toBeCloseTo((48 / (12 * 400)) * 1e6, 6);
  expect(router!.usd_per_success!.value).toBeCloseTo((48 + 6) / 12, 12);
  expect(router!.saving!.value).toBeCloseTo(1 - 48 / 120, 12);
  expect(router!.saving_of_strong!.value).toBeCloseTo(1 - 48 / 120, 12);
});

test("the longest prompts, and those that rules find hardest, go to the strong model", () => {
  const { length, rules } = strategies();
  const kept = (strong: readonly number[]) =>
    Array.from({ length: 12 }, (_, row) =>
      strong.includes(row) ? 1 : row % 3 === 0 ? 0.25 : 1 - row / 100,
    ).reduce((sum, value) => sum + value, 0) / 12;
  expect(length!.retention!.value).toBeCloseTo(kept([8, 9, 10, 11]), 12);
  expect(rules!.retention!.value).toBeCloseTo(kept([0, 1, 2, 3]), 12);
});

test("the ensemble orders by the mean rank of its members", () => {
  // Length and rules are each other's reverse, so the router's own order decides; its four rows of 0.25 go first.
  const { ensemble, router } = strategies();
  expect(ensemble!.retention!.value).toBeCloseTo(router!.retention!.value, 12);
});

test("an interval counts sessions, not requests", () => {
  const { columns, rows } = log();
  for (const row of rows) {
    const factor = columns.session[row] === 0 ? 2 : 1;
    columns.billed[row] = 10 * factor;
    columns.usd[13 + row] = 10 * factor;
  }
  const [billed] = trafficStrategies(columns, rows, options);
  // Session totals 60, 30, 30, 30 with mean 37.5: the standard error of the total is sqrt(675 * 4 / 3) = 30, on 3 degrees at most.
  expect(billed!.usd.value).toBeCloseTo(150, 9);
  expect(billed!.usd.high - billed!.usd.value).toBeGreaterThan(3.18 * 30);
});

test("a change of latency is unknown until the cheap model's latency was logged", () => {
  expect(strategies().router!.latency_change_ms).toBeNull();
  const { columns, rows } = log();
  columns.served[1] = 0;
  columns.billed[1] = 1;
  columns.latency[1] = 400;
  const found = trafficStrategies(columns, rows, options);
  const cheapest = found.find(({ strategy }) => strategy === "always_cheapest")!;
  expect(cheapest.latency_change_ms!.value).toBeCloseTo((11 * -600) / 12, 9);
});

test("every figure says how it was obtained", () => {
  const { billed, router } = strategies();
  expect(billed!.usd.method).toMatch(/^measured/);
  expect(billed!.saving).toBeNull();
  expect(router!.usd.method).toMatch(/^modelled/);
  expect(router!.retention!.method).toMatch(/^modelled/);
});

test("without a head for a model, the quality of what uses it is unknown, not guessed", () => {
  const { columns, rows } = log();
  columns.sufficiency[5] = Number.NaN;
  const found = trafficStrategies(columns, rows, options);
  expect(found.find(({ strategy }) => strategy === "always_cheapest")!.retention).toBeNull();
  expect(found.find(({ strategy }) => strategy === "always_strong")!.retention!.value).toBe(1);
});

/** Twenty labelled requests: the cheap model fails the longer half. */
function pairs(): LabelledPairs {
  const rows = Array.from({ length: 20 }, (_, row) => row);
  const length = Float64Array.from(rows, (row) => 5 * (row + 1));
  return {
    weak: Float64Array.from(rows, (row) => Number(row < 10)),
    strong: new Float64Array(20).fill(1),
    weights: new Float64Array(20).fill(1),
    clusters: Int32Array.from(rows),
    folds: Int32Array.from(rows, (row) => row % 5),
    needs: { length, rules: length.map((value) => -value), bandit: length },
    bandit: { moments: { mean: new Float64Array(0), spread: new Float64Array(0) }, coefficients: [] },
  };
}

test("a strategy is set by labelled requests to the cheapest that keeps the promise", () => {
  const all = Int32Array.from({ length: 20 }, (_, row) => row);
  // 18 of 20 needed: the 8 longest, from 65 characters on
  expect(operatingPoint(pairs(), pairs().needs.length, 0.9, all)).toBe(65);
  expect(operatingPoint(pairs(), pairs().needs.length, 0.5, all)).toBe(Number.POSITIVE_INFINITY);
  // By the reverse order all of the first ten are wasted.
  expect(operatingPoint(pairs(), pairs().needs.rules, 0.9, all)).toBe(-90);
  const { length } = strategies(pairs());
  // On the log the prompts of 70 to 120 characters.
  expect(length!.usd.value).toBeCloseTo(6 * 10 + 6, 9);
  expect(length!.label).toContain("90.0 %");
});

test("the measured quality of a strategy comes from rows that its setting didn't see", () => {
  const { value, n } = measuredRetention(pairs(), pairs().needs.length, 0.9);
  expect(n).toBe(20);
  expect(value).toBeGreaterThanOrEqual(0.8);
  expect(value).toBeLessThanOrEqual(0.95);
});

test("what is set to spend the router's money is as uncertain as the router's money", () => {
  const found = strategies();
  for (const strategy of ["rules", "length", "ensemble", "cost_matched_random"]) {
    for (const figure of ["usd", "usd_per_request", "saving", "saving_of_strong"] as const) {
      const [own, router] = [found[strategy]![figure]!, found.router![figure]!];
      expect(own.low, `${strategy} ${figure}`).toBeCloseTo(router.low, 9);
      expect(own.high, `${strategy} ${figure}`).toBeCloseTo(router.high, 9);
    }
  }
});
