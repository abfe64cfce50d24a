import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { priceSteps } from "../../../models/markup/price-steps.js";
import { roundingStep } from "../../../models/markup/rounding-step.js";

function residuals(seed: number, level: (i: number) => number, n = 600) {
  const random = createRandom(seed);
  const relative = Float64Array.from({ length: n }, (_, i) => level(i) + 0.02 * random.normal());
  return [relative, relative.map((value) => value / 0.02)] as const;
}

test("a step in time is found within a few calls of its place", () => {
  const stretches = priceSteps(...residuals(1, (i) => (i < 400 ? 0 : 0.25)));
  expect(stretches).toHaveLength(2);
  expect(Math.abs(stretches[1]!.from - 400)).toBeLessThan(5);
});

test("two steps make three stretches that cover every call once", () => {
  const stretches = priceSteps(...residuals(2, (i) => (i < 200 ? 0 : i < 400 ? 0.1 : 0.02)));
  expect(stretches).toHaveLength(3);
  expect(stretches.map(({ from }) => from)).toEqual([0, ...stretches.slice(0, -1).map(({ to }) => to)]);
  expect(stretches.at(-1)!.to).toBe(600);
});

test("noise alone is cut in at most one of 200 series", () => {
  let cut = 0;
  for (let seed = 1; seed <= 200; seed++) cut += priceSteps(...residuals(seed, () => 0)).length > 1 ? 1 : 0;
  expect(cut).toBeLessThanOrEqual(1);
});

test.each([
  ["cents", [0.01, 0.02, 0.05, 0.13], 0.01],
  ["millionths", [0.000123, 0.001456, 0.000007], 1e-6],
  ["no step", [0.0123456789123, 0.0345678912345, 0.0078912345678], 0],
  ["a step too small to matter", [12.345678, 45.123456, 78.901234], 0],
  ["nothing but zeros", [0, 0], 0],
])("the rounding step of costs is found: %s", (_, costs, step) => {
  expect(roundingStep(Float64Array.from({ length: 60 }, (_, i) => costs[i % costs.length]!))).toBeCloseTo(
    step,
    12,
  );
});
