import { expect, test } from "vitest";
import { trafficStrategies } from "../../pipelines/simulate/traffic-strategies.js";

/** Four requests of two sessions, cheap model first. The router keeps two of them on the strong model. */
const traffic = {
  models: ["cheap", "strong"],
  sessions: Int32Array.from([0, 0, 1, 1]),
  apps: ["a", "a", "b", "b"],
  billed: Float64Array.from([10, 10, 20, 20]),
  served: Int32Array.from([1, 1, 1, 1]),
  chosen: Int32Array.from([0, 1, 0, 1]),
  usd: [Float64Array.from([1, 1, 2, 2]), Float64Array.from([10, 10, 20, 20])],
  sufficiency: [Float64Array.from([0.9, 0.5, 0.95, 0.4]), Float64Array.from([1, 1, 1, 1])],
};
const rows = Object.fromEntries(trafficStrategies(traffic, 0).map((row) => [row.strategy, row]));

test("the router's cost is each request's cost on the model that it chose", () => {
  expect(rows.router!.usd.value).toBeCloseTo(1 + 10 + 2 + 20, 12);
  expect(rows.router!.saving!.value).toBeCloseTo(1 - 33 / 60, 12);
  expect(rows.router!.retention!.value).toBeCloseTo((0.9 + 1 + 0.95 + 1) / 4, 12);
});

test("the random control costs what the router costs and keeps less quality", () => {
  expect(rows.cost_matched_random!.strong_share).toBeCloseTo((33 - 6) / (60 - 6), 12);
  expect(rows.cost_matched_random!.usd.value).toBeCloseTo(33, 12);
  expect(rows.cost_matched_random!.retention!.value).toBeLessThan(rows.router!.retention!.value);
});

test("always-strong on traffic that the strong model served saves nothing", () => {
  expect(rows.always_strong!.saving!.value).toBeCloseTo(0, 12);
  expect(rows.billed!.saving).toBeNull();
  expect(rows.best_single!.saving!.value).toBeCloseTo(0.9, 12);
});

test("a request served by a model without an estimate leaves the billed row's quality unknown, not guessed", () => {
  const unknown = { ...traffic, served: Int32Array.from([1, -1, 1, 1]) };
  expect(trafficStrategies(unknown, 0)[0]!.retention).toBeNull();
});

test("every figure says how it was obtained", () => {
  expect(rows.billed!.usd.method).toMatch(/^measured/);
  expect(rows.router!.usd.method).toMatch(/^modelled/);
  expect(rows.router!.retention!.method).toMatch(/^modelled/);
});
