import { expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { mixtureQuantile } from "../../../models/frontier/mixture-quantile.js";
import { woodruffInterval } from "../../../models/frontier/woodruff-interval.js";

test("the ends are the quantiles at the level plus and minus Student's t errors", () => {
  const asked: number[] = [];
  const residuals = Float64Array.from([0.01, -0.01, 0.01, -0.01]);
  const { value, low, high } = woodruffInterval({
    level: 0.9,
    residuals,
    quantileAt: (level) => asked.push(level) && level * 100,
  });
  // Standard error: sqrt(4 * 0.0001 * 4 / 3); t with 3 degrees: 3.18245.
  const half = 3.18245 * Math.sqrt((4 * 0.0001 * 4) / 3);
  expect(value).toBe(90);
  expect(low).toBeCloseTo(100 * (0.9 - half), 3);
  expect(high).toBeCloseTo(100 * (0.9 + half), 3);
});

test("one session has no interval", () => {
  const found = woodruffInterval({ level: 0.5, residuals: new Float64Array(1), quantileAt: () => 7 });
  expect(found).toEqual({ value: 7, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
});

test("the interval of a p95 covers the truth in about 95 % of 400 clustered samples", () => {
  // Log-latency = session effect + own noise, both standard normal: the p95 of exp is exp(1.6449 * sqrt 2).
  const truth = Math.exp(1.6448536 * Math.SQRT2);
  let covered = 0;
  for (let seed = 0; seed < 400; seed++) {
    const random = createRandom(7000 + seed);
    const sessions = 200;
    const values: number[] = [];
    const clusters: number[] = [];
    for (let session = 0; session < sessions; session++) {
      const effect = random.normal();
      for (let turn = 0; turn < 1 + random.below(9); turn++) {
        values.push(Math.exp(effect + random.normal()));
        clusters.push(session);
      }
    }
    const sorted = Float64Array.from(values).sort();
    const quantileAt = (level: number) => mixtureQuantile([{ weight: 1, sorted }], level);
    const at = quantileAt(0.95);
    const share = values.filter((value) => value <= at).length / values.length;
    const residuals = new Float64Array(sessions);
    values.forEach((value, i) => {
      residuals[clusters[i]!]! += (Number(value <= at) - share) / values.length;
    });
    const { low, high } = woodruffInterval({ level: 0.95, residuals, quantileAt });
    if (low <= truth && truth <= high) covered += 1;
  }
  // Margin: three binomial standard errors of 400 trials at 0.95 are 0.033; as if independent it covers about 0.8.
  expect(covered / 400).toBeGreaterThan(0.917);
  expect(covered / 400).toBeLessThan(0.985);
});
