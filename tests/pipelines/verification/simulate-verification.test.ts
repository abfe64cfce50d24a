import { describe, expect, it } from "vitest";
import { simulateVerification } from "../../../pipelines/verification/simulate-verification.js";
import { cascadeModels, cascadeWorld, replayedWorld } from "../../support/cascade-world.js";
import { replayData } from "../../support/replay-data.js";

const rates = { tpr: 0.9, tnr: 0.8 };

/** Stakes on an answer of the small model and on one of the large; a third call has none. */
const staked = replayData(cascadeModels, [
  { chosen: 0, usd: [0.1, 1], sufficiency: [0.75, 1], stakes: true },
  { chosen: 1, usd: [0.2, 2], sufficiency: [0.5, 1], stakes: true },
  { chosen: 0, usd: [0.1, 1], sufficiency: [0.9, 1] },
]);

describe("simulateVerification, by hand", () => {
  it("prices a pass of the strong model at half of its answer, and repairs after alarms", () => {
    const result = simulateVerification(replayedWorld(staked), { gate: rates, errorUsd: 20 });
    expect(result.verifier).toMatchObject({ by: "strong", pass_share: 0.5 });
    expect([result.requests, result.stakes_requests]).toEqual([3, 2]);
    expect(result.pass_usd!.value).toBeCloseTo(0.5 + 1, 12);
    // small: 0.75 * 0.1 false alarms and 0.25 * 0.8 caught; large: 0.1 false alarms, nothing to catch
    expect(result.repair_usd!.value).toBeCloseTo(0.275 * 1 + 0.1 * 2, 12);
    expect(result.errors!.value).toBeCloseTo(0.25, 12);
    expect(result.caught!.value).toBeCloseTo(0.2, 12);
    expect(result.missed!.value).toBeCloseTo(0.05, 12);
    expect(result.false_alarms!.value).toBeCloseTo(0.175, 12);
    expect(result.break_even_error_usd!.value).toBeCloseTo(1.975 / 0.2, 12);
    expect(result.net_usd!.value).toBeCloseTo(20 * 0.2 - 1.975, 12);
    expect(result.share_of_bill!.value).toBeCloseTo(1.975 / (0.1 + 2 + 0.1), 12);
  });

  it("says what the strong model at once would do for the money", () => {
    const { strong_instead: strong, verdict } = simulateVerification(replayedWorld(staked), { gate: rates });
    expect(strong.usd!.value).toBeCloseTo(0.9, 12);
    expect(strong.prevented!.value).toBeCloseTo(0.25, 12);
    expect(strong.usd_per_prevented!.value).toBeCloseTo(3.6, 12);
    expect(verdict).toContain("the better use of the money");
  });

  it("says what a cheaper model and the pass would save, and let through", () => {
    const { cheap_and_verified: cheap } = simulateVerification(replayedWorld(staked), {
      gate: { ...rates, usd: 0.01 },
    });
    // the second call: 0.2 instead of 2; both pay the gate and ask again at 0.275 * 1 and 0.45 * 2
    expect(cheap.usd!.value).toBeCloseTo(-1.8 + 0.02 + 0.275 + 0.9, 12);
    expect(cheap.more_errors!.value).toBeCloseTo((0.25 + 0.5) * 0.2 - 0.25, 12);
    expect(cheap.pays_up_to_error_usd).toBeNull();
  });

  it("counts the strong model's own errors only as the user states them", () => {
    const result = simulateVerification(replayedWorld(staked), { gate: rates, strongError: 0.1 });
    expect(result.errors!.value).toBeCloseTo(1 - 0.75 * 0.9 + 0.1, 12);
    expect(result.strong_instead.prevented!.value).toBeCloseTo(0.9 * 0.25, 12);
    expect(result.by_model.map(({ model, errors }) => [model, errors])).toEqual([
      ["small", expect.closeTo(0.325)],
      ["large", expect.closeTo(0.1)],
    ]);
  });

  it("takes the gate where its price is known", () => {
    const result = simulateVerification(replayedWorld(staked), { gate: { ...rates, usd: 0.03 } });
    expect(result.verifier).toMatchObject({ by: "gate", usd: 0.03, pass_share: null });
    expect(result.pass_usd!.value).toBeCloseTo(0.06, 12);
  });
});

describe("simulateVerification", () => {
  it("costs the pass and leaves the catch unknown without measured rates", () => {
    const result = simulateVerification(replayedWorld(staked));
    expect(result.pass_usd!.value).toBeCloseTo(1.5, 12);
    expect([result.caught, result.usd, result.break_even_error_usd, result.net_usd]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(result.verdict).toContain("Unknown");
    expect(result.verifier.gate_missing).toContain("label calibrate");
  });

  it("leaves an unknown price of the gate unknown", () => {
    const result = simulateVerification(replayedWorld(staked), { gate: rates, by: "gate" });
    expect([result.pass_usd, result.usd, result.break_even_error_usd]).toEqual([null, null, null]);
    expect(result.caught!.value).toBeCloseTo(0.2, 12);
    expect(result.by_model[0]!.pass_usd).toBeNull();
  });

  it("says that it catches nothing where the strong model answers anyway", () => {
    const strong = replayData(cascadeModels, [
      { chosen: 1, usd: [0.1, 1], sufficiency: [0.5, 1], stakes: true },
    ]);
    const result = simulateVerification(replayedWorld(strong), { gate: rates });
    expect(result.verdict).toContain("catches nothing");
    expect(result.strong_instead.usd_per_prevented).toBeNull();
  });

  it("widens what it catches with the doubt about the verifier", () => {
    const world = replayedWorld(cascadeWorld(3, 300));
    const known = simulateVerification(world, { gate: rates }).caught!;
    const measured = simulateVerification(world, { gate: { ...rates, measuredOn: 50 } }).caught!;
    expect(measured.value).toBeCloseTo(known.value, 12);
    expect(measured.high - measured.low).toBeGreaterThan(known.high - known.low);
  });

  it.each([
    ["no rows", replayData(cascadeModels, []), 0],
    ["no stakes", replayData(cascadeModels, [{ usd: [0.1, 1], sufficiency: [0.5, 1] }]), 0],
    ["nothing replayed", replayData(cascadeModels, [{ isSuccess: false }]), 0],
    ["one model", replayData(["large"], [{ usd: [1], sufficiency: [1], stakes: true }]), 1],
    [
      "no confidence",
      replayData(cascadeModels, [{ usd: [0.1, 1], sufficiency: [Number.NaN, 1], stakes: true }]),
      0,
    ],
  ])("holds with %s", (_, replay, stakes) => {
    const result = simulateVerification(replayedWorld(replay), { gate: rates, errorUsd: 1 });
    expect(result.stakes_requests).toBe(stakes);
    expect(result.verdict).not.toContain("It pays");
    expect(result.break_even_error_usd).toBeNull();
  });
});
