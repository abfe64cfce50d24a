import { expect, it } from "vitest";
import { passCost } from "../../../models/cascade/pass-cost.js";

it("reproduces the published example: 10 % of 10M requests x 800 tokens at $7/M, verified, is 5,600 x 1.5", () => {
  const flagship = 0.1 * 10e6 * 800 * (7 / 1e6);
  expect(flagship).toBeCloseTo(5_600, 9);
  expect(flagship + passCost(flagship)).toBeCloseTo(8_400, 9);
});
