import { expect, test } from "vitest";
import { gini, topTenthShare } from "../../../models/pricing/concentration.js";
import { incidenceOf } from "../../../models/pricing/incidence.js";

test.each([
  [[1, 1, 1, 1], 0],
  [[0, 0, 0, 1], 0.75],
  [[1, 2, 3, 4], 0.25],
  [[0, 0], null],
  [[], null],
])("the Gini coefficient of %j is %s", (amounts, expected) => {
  const found = gini(amounts);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected, 12);
});

test.each([
  [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 0.1],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 5], 1],
  [[1, 1, 1, 1, 6], 0.3],
  [[7], 0.1],
  [[], null],
])("the largest tenth of %j holds %s", (amounts, expected) => {
  const found = topTenthShare(amounts);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected, 12);
});

test("a fixed fee takes from those who pay little and gives to those who pay much", () => {
  const now = Float64Array.from({ length: 20 }, (_, i) => i + 1);
  const then = new Float64Array(20).fill(10.5);
  const found = incidenceOf(now, then, new Float64Array(20).fill(5));
  expect(found).toMatchObject({ payers: 20, pay_more: 10, pay_less: 10, gini: 0 });
  expect(found.deciles).toHaveLength(10);
  expect(found.deciles[0]).toEqual({
    payers: 2,
    calls: 10,
    now_usd: 3,
    plan_usd: 21,
    change: 6,
    pay_more: 2,
    pay_less: 0,
  });
  expect(found.deciles[9]).toMatchObject({ now_usd: 39, plan_usd: 21, pay_less: 2 });
});

test("fewer payers than ten are groups of one, each payer is in one group, and nothing before has no change", () => {
  const found = incidenceOf(Float64Array.of(3, 0, 1), Float64Array.of(3, 1, 1), Float64Array.of(1, 1, 1));
  expect(found.deciles.map(({ now_usd, change }) => [now_usd, change])).toEqual([
    [0, null],
    [1, 0],
    [3, 0],
  ]);
  const many = incidenceOf(new Float64Array(23), new Float64Array(23), new Float64Array(23));
  expect(many.deciles.reduce((sum, { payers }) => sum + payers, 0)).toBe(23);
});

test("a difference of rounding is neither more nor less", () => {
  const found = incidenceOf(Float64Array.of(0.1 + 0.2), Float64Array.of(0.3), Float64Array.of(1));
  expect(found).toMatchObject({ pay_more: 0, pay_less: 0 });
});
