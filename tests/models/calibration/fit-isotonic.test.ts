import { expect, test } from "vitest";
import { calibratedProbability } from "../../../models/calibration/calibration.js";
import { fitIsotonic } from "../../../models/calibration/fit-isotonic.js";
import { fitPlatt } from "../../../models/calibration/fit-platt.js";
import { bentWorld } from "./bent-world.js";

const { scores, truth, targets } = bentWorld(4_000, 1);
const ones = scores.map(() => 1);

test("recovers a bent curve that Platt scaling can't", () => {
  const isotonic = fitIsotonic(scores, targets, ones);
  const platt = fitPlatt(scores, targets, ones);
  const meanError = (map: typeof isotonic) =>
    scores.reduce((sum, score, i) => sum + Math.abs(calibratedProbability(score, map) - truth[i]!), 0) /
    scores.length;
  expect(meanError(isotonic)).toBeLessThan(0.07);
  expect(meanError(isotonic)).toBeLessThan(0.6 * meanError(platt));
});

test.each([
  ["a bent curve", scores, targets],
  ["logits that point the wrong way", scores, targets.map((target) => 1 - target)],
  ["one class", scores, targets.map(() => 1)],
  ["few distinct scores", scores.map(Math.sign), targets],
])("the map of %s is strictly increasing, beyond the data too", (_, some, labels) => {
  const map = fitIsotonic(some, labels, ones);
  let last = Number.NEGATIVE_INFINITY;
  for (let score = -6; score <= 6; score += 0.01) {
    const p = calibratedProbability(score, map);
    expect(p).toBeGreaterThan(last);
    last = p;
  }
});

test("rows of weight 0 say nothing", () => {
  const half = scores.map((_, i) => Number(i < 2_000));
  expect(fitIsotonic(scores, targets, half)).toEqual(
    fitIsotonic(scores.slice(0, 2_000), targets.slice(0, 2_000), ones.slice(0, 2_000)),
  );
});
