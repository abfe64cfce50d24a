import { expect, test } from "vitest";
import { sampleRatioPValue } from "../../models/statistics/sample-ratio.js";

test.each([
  // doubled exact binomial tails: 2 * P(X <= 0 | 10, .5), 2 * P(X >= 8 | 10, .5), 2 * P(X <= 70 | 1000, .1)
  { sampled: 0, units: 10, rate: 0.5, p: 2 / 1024 },
  { sampled: 8, units: 10, rate: 0.5, p: (2 * (45 + 10 + 1)) / 1024 },
  { sampled: 5, units: 10, rate: 0.5, p: 1 },
  { sampled: 0, units: 0, rate: 0.1, p: 1 },
  { sampled: 3, units: 3, rate: 0.1, p: 2e-3 },
])("$sampled of $units at a designed rate of $rate has p = $p", ({ sampled, units, rate, p }) => {
  expect(sampleRatioPValue(sampled, units, rate)).toBeCloseTo(p, 10);
});
