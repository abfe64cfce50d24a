import { describe, expect, it } from "vitest";
import { verificationValue, verifiedCost } from "../../../models/cascade/verification.js";

describe("a verification pass", () => {
  it("reproduces the published example: 10 % of 10M requests x 800 tokens at $7/M, x 1.5", () => {
    const flagship = 0.1 * 10e6 * 800 * (7 / 1e6);
    expect(flagship).toBeCloseTo(5_600, 9);
    expect(verifiedCost(flagship)).toBeCloseTo(8_400, 9);
  });

  it("costs the pass and the repairs, and pays from what an error caught costs", () => {
    const value = verificationValue(0.9, { tpr: 0.95, tnr: 0.8 }, { passUsd: 0.01, repairUsd: 0.04 });
    expect(value.caught).toBeCloseTo(0.08, 12);
    expect(value.falseAlarms).toBeCloseTo(0.045, 12);
    expect(value.usd).toBeCloseTo(0.01 + 0.125 * 0.04, 12);
    expect(value.breakEvenUsd).toBeCloseTo(0.015 / 0.08, 12);
  });

  it("never pays where there is nothing to catch", () => {
    const value = verificationValue(1, { tpr: 1, tnr: 1 }, { passUsd: 0.01, repairUsd: 0.04 });
    expect(value.breakEvenUsd).toBe(Number.POSITIVE_INFINITY);
  });
});
