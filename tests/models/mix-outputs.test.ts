import { expect, test } from "vitest";
import type { Calibration } from "../../models/calibration/calibration.js";
import { calibratedProbability } from "../../models/calibration/calibration.js";
import { mixOutputs } from "../../models/mix-outputs.js";
import { type RouterTargets, scoreRows } from "../../models/router-targets.js";

const none = new Float64Array(0);
const column = { loss: { kind: "logistic" as const }, values: none, weights: none };
const targets: RouterTargets = {
  columns: [column, column, column],
  heads: [
    {
      head: { kind: "sufficiency", model: "small" },
      terms: [
        { column: 1, of: "probability", factor: 4 },
        { column: 0, of: "probability", factor: -4 },
      ],
      calibrate: none,
      weights: none,
    },
    {
      head: { kind: "stakes" },
      terms: [{ column: 1, of: "logit", factor: 1 }],
      calibrate: none,
      weights: none,
    },
  ],
  lengths: [{ level: 0.5, column: 2 }],
};
const platt: Calibration = { method: "platt", scale: 0.5, shift: -1, knots: none, bends: none };
const bent: Calibration = {
  method: "isotonic",
  scale: 2,
  shift: 0.25,
  knots: Float64Array.of(-1, 1),
  bends: Float64Array.of(0.5, -0.25),
};

test("lays out the mix by terms and outputs, every head scaled by its calibration", () => {
  const { mix, shift, knots, bends } = mixOutputs(targets, [platt, bent]);
  expect([...mix]).toEqual([
    // logits of the three columns
    ...[0, 0, 0],
    ...[0, 2, 0],
    ...[0, 0, 1],
    // their sigmoids
    ...[-2, 0, 0],
    ...[2, 0, 0],
    ...[0, 0, 0],
  ]);
  expect([...shift]).toEqual([-1, 0.25, 0]);
  expect([...knots]).toEqual([0, 0, -1, 1, 0, 0]);
  expect([...bends]).toEqual([0, 0, 0.5, -0.25, 0, 0]);
});

test("a calibration without knots leaves the graph without any", () => {
  const { knots, bends } = mixOutputs(targets, [platt, platt]);
  expect([knots.length, bends.length]).toEqual([0, 0]);
});

test("the mixed and bent outputs are the calibrated probabilities of the scores", () => {
  const calibrations = [platt, bent];
  const { mix, shift, knots, bends } = mixOutputs(targets, calibrations);
  const outputs = shift.length;
  for (const logits of [
    [0, 0, 0],
    [2, -1, 5],
    [-3, 4, 1],
  ]) {
    const terms = [...logits, ...logits.map((logit) => 1 / (1 + Math.exp(-logit)))];
    targets.heads.forEach((head, h) => {
      const z = terms.reduce((sum, term, t) => sum + term * mix[t * outputs + h]!, shift[h]!);
      const calibrated = [0, 1].reduce(
        (sum, j) => sum + bends[h * 2 + j]! * Math.max(0, z - knots[h * 2 + j]!),
        z,
      );
      const [score] = scoreRows(Float32Array.from(logits), 3, head.terms);
      expect(1 / (1 + Math.exp(-calibrated))).toBeCloseTo(calibratedProbability(score!, calibrations[h]!), 6);
    });
  }
});
