import { describe, expect, test } from "vitest";
import type { JudgeCalibration } from "../../../datasets/judge-calibration.js";
import { createRandom } from "../../../datasets/random.js";
import { expectedWidth } from "../../../pipelines/label/expected-width.js";
import { weightedShare } from "../../../pipelines/label/weighted-share.js";

const alone = (n: number) =>
  Array.from({ length: n }, () => ({ inclusion_probability: 0.1, session_id: null as string | null }));
const plain = { items: 400, sufficient: null, calibration: null };

/** A calibration with these error rates, each found on so many ratings. */
function calibrated(tpr: number, tnr: number, n: number): JudgeCalibration {
  const rate = (value: number) => ({ value, low: 0, high: 1, method: "", n });
  return { overall: { pairs: 2 * n, tpr: rate(tpr), tnr: rate(tnr) } } as JudgeCalibration;
}

describe("expectedWidth", () => {
  test("is the textbook's for equal weights and lone requests", () => {
    const { sufficient_share, retention, design_effect } = expectedWidth(alone(400), plain);
    expect(design_effect).toBe(1);
    expect(sufficient_share).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 400), 4);
    // Half of the requests routed, 4 % of them lost: .5 * 2 * 1.96 * sqrt(.96 * .04 / 200).
    expect(retention).toBeCloseTo(1.96 * Math.sqrt((0.96 * 0.04) / 200), 4);
  });

  test("a budget that pays for a quarter doubles it", () => {
    const whole = expectedWidth(alone(400), plain);
    const part = expectedWidth(alone(400), { ...plain, items: 100 });
    expect(part.sufficient_share! / whole.sufficient_share!).toBeCloseTo(2, 6);
  });

  test("unequal weights and shared sessions count as a design effect", () => {
    const pairs = Array.from({ length: 400 }, (_, i) => ({
      inclusion_probability: 0.1,
      session_id: String(i >> 1),
    }));
    expect(expectedWidth(pairs, plain).design_effect).toBeCloseTo(1.3, 9);
    const uneven = alone(400).map((row, i) => ({ ...row, inclusion_probability: i % 2 ? 1 : 1 / 3 }));
    expect(expectedWidth(uneven, plain).design_effect).toBeCloseTo(400 / (800 ** 2 / 2_000), 9);
  });

  test("an erring judge widens it, a judge no better than chance leaves nothing", () => {
    const width = (calibration: JudgeCalibration) =>
      expectedWidth(alone(400), { ...plain, calibration }).sufficient_share;
    expect(width(calibrated(0.9, 0.8, 100))!).toBeGreaterThan(
      expectedWidth(alone(400), plain).sufficient_share!,
    );
    expect(width(calibrated(0.9, 0.8, 100))!).toBeGreaterThan(width(calibrated(0.9, 0.8, 1_000))!);
    expect(width(calibrated(0.5, 0.5, 100))).toBeNull();
  });

  test("comes within a tenth of the width that a run then has", () => {
    const random = createRandom(4);
    const sampled = alone(600).map((row) => ({
      ...row,
      inclusion_probability: 0.1 + 0.3 * random.uniform(),
    }));
    const share = weightedShare(
      sampled.map(({ inclusion_probability }, i) => ({
        value: Number(random.uniform() < 0.7),
        weight: 1 / inclusion_probability,
        cluster: String(i),
      })),
    )!;
    const { sufficient_share } = expectedWidth(sampled, { items: 600, sufficient: 0.7, calibration: null });
    expect(Math.abs(sufficient_share! / (share.high - share.low) - 1)).toBeLessThan(0.1);
  });
});
