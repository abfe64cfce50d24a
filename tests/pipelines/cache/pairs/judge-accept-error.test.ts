import { describe, expect, test } from "vitest";
import { createRandom } from "../../../../datasets/random.js";
import { allowedErrors } from "../../../../models/statistics/allowed-errors.js";
import { type DoubleLabel, judgeAcceptError } from "../../../../pipelines/cache/pairs/judge-accept-error.js";

const rows = (judge: DoubleLabel["judge"], human: DoubleLabel["human"], times: number): DoubleLabel[] =>
  Array.from({ length: times }, () => ({ judge, human }));

describe("judgeAcceptError", () => {
  test("counts what the judge accepts and refuses against humans", () => {
    const error = judgeAcceptError([
      ...rows("same", "different", 2),
      ...rows("different", "different", 17),
      ...rows("cannot_tell", "different", 1),
      ...rows("same", "same", 70),
      ...rows("different", "same", 8),
      ...rows("cannot_tell", "same", 2),
      ...rows("same", "cannot_tell", 5),
    ]);
    expect(error).toMatchObject({ doubles: 100, differentByHuman: 20, falseAccepts: 2, phi: 0.1 });
    expect(error).toMatchObject({ sameByHuman: 80, falseRejects: 10 });
    expect(error.rho!.value).toBe(0.125);
    // Clopper-Pearson, 2 of 20: 0.2448 one-sided at 90 %, 0.2826 at 95 %.
    expect(error.phiHigh(0.9)).toBeCloseTo(0.2448, 4);
    expect(error.phiHigh(0.95)).toBeCloseTo(0.2826, 4);
  });

  test("without pairs that differ nothing is known of phi", () => {
    const error = judgeAcceptError(rows("same", "same", 50));
    expect(error).toMatchObject({ phi: null, falseAccepts: 0 });
    expect(error.phiHigh(0.95)).toBe(1);
    expect(judgeAcceptError([]).rho).toBeNull();
  });

  test("the bound holds in at least its share of 1,000 seeds", () => {
    const random = createRandom(4);
    const phi = 0.08;
    const held = Array.from({ length: 1_000 }, () => {
      const doubles = Array.from({ length: 60 }, () => ({
        judge: random.uniform() < phi ? ("same" as const) : ("different" as const),
        human: "different" as const,
      }));
      return judgeAcceptError(doubles).phiHigh(0.95) >= phi;
    }).filter(Boolean).length;
    expect(held / 1_000).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / 1_000));
  });

  test("alpha (1 - phiHigh) keeps the promise of alpha where the raw verdicts break it", () => {
    const random = createRandom(9);
    const phi = 0.3;
    const labels = 2_000;
    // Just above alpha: a certificate of this share is wrong each time.
    const wrong = 0.0101;
    const certified = { raw: 0, corrected: 0 };
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      let seen = 0;
      for (let i = 0; i < labels; i++) if (random.uniform() < wrong && random.uniform() >= phi) seen += 1;
      const doubles = Array.from({ length: 100 }, () => ({
        judge: random.uniform() < phi ? ("same" as const) : ("different" as const),
        human: "different" as const,
      }));
      const phiHigh = judgeAcceptError(doubles).phiHigh(0.95);
      const allowed = (alpha: number, delta: number) => allowedErrors(labels, { alpha, delta }) ?? -1;
      if (seen <= allowed(0.01, 0.1)) certified.raw += 1;
      if (seen <= allowed(0.01 * (1 - phiHigh), 0.05)) certified.corrected += 1;
    }
    expect(certified.raw / trials).toBeGreaterThan(0.3);
    expect(certified.corrected / trials).toBeLessThan(0.1);
  });
});
