import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { priceSteps } from "../../../models/markup/price-steps.js";
import { sessionSpread } from "../../../models/markup/session-spread.js";

/** Residuals of sessions of ten calls in a row, with so much of their variance shared, and a step in time. */
function residuals(shared: number, step: number, seed: number) {
  const random = createRandom(seed);
  const session = Int32Array.from({ length: 3_000 }, (_, i) => Math.floor(i / 10));
  const day = session.map((number) => Math.floor(number / 20));
  let own = 0;
  const values = Float64Array.from(session, (number, i) => {
    if (i % 10 === 0) own = random.normal();
    return Math.sqrt(shared) * own + Math.sqrt(1 - shared) * random.normal() + (number >= 160 ? step : 0);
  });
  return { values, clusterings: { session, day } };
}

test("the spread is the root of the design effect, and 1 where sessions are not alike", () => {
  const alike = residuals(0.5, 0, 1);
  expect(Math.abs(sessionSpread(alike.values, alike.clusterings) - Math.sqrt(1 + 9 * 0.5))).toBeLessThan(0.2);
  const apart = residuals(0, 0, 2);
  expect(sessionSpread(apart.values, apart.clusterings)).toBe(1);
  expect(sessionSpread(alike.values, {})).toBe(1);
});

test("a step in time is not taken for sessions that are alike", () => {
  const { values, clusterings } = residuals(0, 3, 3);
  expect(sessionSpread(values, clusterings)).toBe(1);
});

test("sessions that are alike make no steps, and a step among them is still found", () => {
  let [naive, spread] = [0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const { values, clusterings } = residuals(0.6, 0, seed);
    const relative = values.map((value) => 0.02 * value);
    naive += Number(priceSteps(relative, values).length > 1);
    spread += Number(priceSteps(relative, values, sessionSpread(values, clusterings)).length > 1);
  }
  expect(naive).toBeGreaterThan(5);
  expect(spread).toBe(0);
  const { values, clusterings } = residuals(0.6, 3, 31);
  const found = priceSteps(
    values.map((value) => 0.02 * value),
    values,
    sessionSpread(values, clusterings),
  );
  expect(found.length).toBe(2);
  expect(Math.abs(found[0]!.to - 1_600)).toBeLessThan(40);
});
