import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { fitCalibration } from "../../../models/calibration/fit-calibration.js";
import { bentWorld } from "./bent-world.js";

const foldsOf = (rows: number) => Int32Array.from({ length: rows }, (_, i) => i % 5);

/** Labels drawn from sigmoid(scale x score + shift). */
function straightWorld(rows: number, scale: number, shift: number, seed: number) {
  const random = createRandom(seed);
  const scores = Float64Array.from({ length: rows }, () => 2 * random.normal());
  const targets = scores.map((score) =>
    Number(random.uniform() < 1 / (1 + Math.exp(-(scale * score + shift)))),
  );
  return { scores, targets };
}

const worlds = {
  "a scale alone": { method: "temperature", ...straightWorld(2_000, 0.5, 0, 1) },
  "a scale and a shift": { method: "platt", ...straightWorld(2_000, 0.6, -0.8, 2) },
  "a bent curve": { method: "isotonic", ...bentWorld(4_000, 1) },
};

describe.each(Object.entries(worlds))("where the truth is %s", (_, { method, scores, targets }) => {
  const chosen = fitCalibration(
    scores,
    targets,
    scores.map(() => 1),
    foldsOf(scores.length),
  );

  test("the calibration of that form is chosen", () => {
    expect(chosen.method).toBe(method);
  });

  test("the held-out loss of every method is reported, and the chosen one's is the least", () => {
    const losses = Object.values(chosen.losses);
    expect(Object.keys(chosen.losses)).toEqual(["temperature", "platt", "isotonic"]);
    for (const loss of losses) expect(loss).toBeGreaterThan(0);
    expect(chosen.losses[chosen.method]).toBe(Math.min(...losses));
  });
});

test.each([
  [999, ["temperature", "platt"]],
  [1_000, ["temperature", "platt", "isotonic"]],
])("with %i known rows it weighs %j", (known, methods) => {
  const { scores, targets } = bentWorld(1_500, 3);
  const weights = scores.map((_, i) => Number(i < known));
  expect(Object.keys(fitCalibration(scores, targets, weights, foldsOf(1_500)).losses)).toEqual(methods);
});

test("without rows it is Platt scaling that leaves scores as they are", () => {
  const nothing = new Float64Array(0);
  expect(fitCalibration(nothing, nothing, nothing, [])).toMatchObject({
    method: "platt",
    scale: 1,
    shift: 0,
  });
});
