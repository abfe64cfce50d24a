import { describe, expect, it } from "vitest";
import { escalationProbability, faultlessRates } from "../../../models/cascade/gate.js";
import {
  combineSums,
  emptyGatedSums,
  type GatedSums,
  gatedRatio,
  propagateGateErrors,
  settleTotal,
} from "../../../models/cascade/gated-sums.js";

const rates = {
  tpr: { value: 0.9, low: 0.8, high: 0.95 },
  tnr: { value: 0.8, low: 0.7, high: 0.9 },
};

const sums = (fixed: number[], falseAlarms: number[], caught: number[]): GatedSums => ({
  fixed: Float64Array.from(fixed),
  falseAlarms: Float64Array.from(falseAlarms),
  caught: Float64Array.from(caught),
});

describe("escalationProbability", () => {
  it.each([
    [1, 0.1],
    [0, 0.8],
    [0.5, 0.45],
  ])("of a sufficiency of %d is s (1 - TPR) + (1 - s) TNR = %d", (sufficiency, expected) => {
    expect(escalationProbability(sufficiency, 0.9, 0.8)).toBeCloseTo(expected, 12);
  });
});

describe("gatedRatio", () => {
  it("settles fixed + (1 - TPR) false alarms + TNR caught", () => {
    expect(settleTotal(sums([1, 2], [10, 0], [0, 5]))(0.9, 0.8)).toBeCloseTo(3 + 1 + 4, 12);
  });

  it("has no other doubt than the gate's where all sessions are alike", () => {
    const ones = sums([1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]);
    const cost = sums([1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]);
    const { value, low, high } = gatedRatio(cost, ones, rates)!;
    expect(value).toBeCloseTo(1 + 0.2 + 2.4, 12);
    // TPR 0.8 adds 2 * 0.1, TNR 0.9 adds 3 * 0.1; TPR 0.95 takes 2 * 0.05, TNR 0.7 takes 3 * 0.1
    expect(high - value).toBeCloseTo(Math.hypot(0.2, 0.3), 12);
    expect(value - low).toBeCloseTo(Math.hypot(0.1, 0.3), 12);
  });

  it("is the sessions' interval alone with a faultless gate", () => {
    const ones = sums([1, 1, 1], [0, 0, 0], [0, 0, 0]);
    const known = gatedRatio(sums([1, 2, 3], [9, 9, 9], [0, 0, 0]), ones, faultlessRates)!;
    const same = gatedRatio(sums([1, 2, 3], [0, 0, 0], [0, 0, 0]), ones, rates)!;
    expect(known).toEqual(same);
  });

  it("has no figure for nothing, or for an unknown amount", () => {
    expect(gatedRatio(emptyGatedSums(2), emptyGatedSums(2), rates)).toBeNull();
    expect(gatedRatio(sums([Number.NaN], [0], [0]), sums([1], [0], [0]), rates)).toBeNull();
  });
});

describe("propagateGateErrors", () => {
  it("keeps an endless interval endless", () => {
    const sampling = { value: 1, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    expect(propagateGateErrors(sampling, () => 1, rates)).toEqual(sampling);
  });
});

describe("combineSums", () => {
  it("adds weighted amounts part by part", () => {
    expect(combineSums([2, sums([1], [2], [3])], [-1, sums([1], [1], [1])])).toEqual(sums([1], [3], [5]));
  });
});
