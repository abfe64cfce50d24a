import type { Policy } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import type { JudgeCalibration } from "../../../datasets/judge-calibration.js";
import type { SensitivityLine } from "../../../datasets/sensitivity-result.js";
import { sensitivityOf } from "../../../pipelines/sensitivity/sensitivity.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";
import { routerPolicy } from "../../support/router-policy.js";

/** Input at 1 and output at 4 USD per million on the cheap model, 100 and 400 on the strong one. */
const policy: Policy = {
  ...routerPolicy(),
  models: routerPolicy().models.filter(({ model }) => model !== "medium"),
  retention_target: 0.9,
  thresholds: { small: { min_sufficiency: 0.8, retention_low: 0.9, n: 100, note: "" } },
  dial: [],
};

/** 120 calls of forty sessions: one in three moves from the strong model at 3 USD to the cheap one at 0.3, of which 0.1 is for input: 400
 * tokens in, 200 out. One in three stays, one in three was and stays cheap. */
function planted(): ReplayedAttempt[] {
  return Array.from({ length: 120 }, (_, row) => ({
    session: Math.floor(row / 3),
    chosen: row % 3 === 1 ? 1 : 0,
    served: row % 3 === 2 ? 0 : 1,
    usd: [0.3, 3],
    sufficiency: [row % 3 === 1 ? 0.5 : 0.9, 1],
    inputTokens: 400,
    outputTokens: 200,
    app: row % 3 === 1 ? "hard" : "easy",
    tier: row % 3 === 1 ? 2 : 0,
  }));
}

function sensitivity(
  attempts: readonly ReplayedAttempt[],
  changes: { policy?: Policy; judge?: JudgeCalibration } = {},
) {
  const models = (changes.policy ?? policy).models.map(({ model }) => model);
  return sensitivityOf(replayData(models, attempts), {
    policy,
    artifactId: "a",
    isSimulated: false,
    judge: null,
    ...changes,
  });
}

const lineOf = (lines: readonly SensitivityLine[], label: string) =>
  lines.find((line) => line.label === label)!;

// Billed 2 * 40 * 3 + 40 * 0.3 = 252, routed 40 * 3 + 80 * 0.3 = 144.
const [billed, routed] = [252, 144];

describe("a planted log", () => {
  const result = sensitivity(planted());

  test("has the base by hand", () => {
    expect(result.base).toMatchObject({ promise: 0.9 });
    expect(result.base!.billed_usd).toBeCloseTo(billed, 9);
    expect(result.base!.routed_usd).toBeCloseTo(routed, 9);
    expect(result.base!.saving!.value).toBeCloseTo(54 / 126, 12);
    expect(result.base!.retention!.value).toBeCloseTo((40 * 0.9 + 20) / 60, 12);
  });

  test("a price moves the bill and the routed cost of its model alone", () => {
    const cheap = lineOf(result.lines, "Price of small");
    // Per twenty sessions the cheap model is billed 6 and would be 12 routed, the strong one 120 and 60.
    expect(cheap.low).toMatchObject({ at: "+20 %" });
    expect(cheap.low!.figure.value).toBeCloseTo(1 - (60 + 12 * 1.2) / (120 + 6 * 1.2), 12);
    expect(cheap.high!.figure.value).toBeCloseTo(1 - (60 + 12 * 0.8) / (120 + 6 * 0.8), 12);
    expect(cheap.low!.remade_saving).toBeNull();
    const strong = lineOf(result.lines, "Price of large");
    expect(strong.low).toMatchObject({ at: "-20 %" });
    expect(strong.low!.figure.value).toBeCloseTo(1 - (60 * 0.8 + 12) / (120 * 0.8 + 6), 12);
  });

  test("at its break-even price the saving is nothing", () => {
    // 120 + 6 x = 60 + 12 x.
    expect(lineOf(result.lines, "Price of small").break_even!.at).toBeCloseTo(10, 9);
    expect(lineOf(result.lines, "Price of large").break_even!.at).toBeCloseTo(0.1, 9);
  });

  test("output length and tokenizers change moved calls only", () => {
    const output = lineOf(result.lines, "Output length on another model");
    // Output's share of the cheap model's cost: 200 * 4 / (400 + 800) = 2/3; 40 moved calls at 0.3 pay 8 for output, 4 for input.
    expect(output.low!.figure.value).toBeCloseTo(1 - (routed + 8) / billed, 12);
    expect(output.high!.figure.value).toBeCloseTo(1 - (routed - 4) / billed, 12);
    expect(output.break_even!.at).toBeCloseTo(1 + 108 / 8, 9);
    const input = lineOf(result.lines, "Input tokens on another model");
    expect(input.low!.figure.value).toBeCloseTo(1 - (routed + 0.4) / billed, 12);
    expect(input.break_even!.at).toBeCloseTo(1 + 108 / 4, 9);
  });

  test("calibration: the break-even odds bring quality to the promise", () => {
    const line = lineOf(result.lines, "Calibration of sufficiency");
    // Odds 9 halved are 4.5.
    expect(line.low!.figure.value).toBeCloseTo((40 * (4.5 / 5.5) + 20) / 60, 12);
    // 40 p + 20 = 54: p = 0.85, odds 0.85 / 0.15 of 9.
    expect(line.break_even!.at).toBeCloseTo(0.85 / 0.15 / 9, 6);
  });

  test("the worst mix moves calls to the app where least is saved", () => {
    const { worst, strata } = result.mix!;
    expect(strata).toBe(2);
    // Easy calls save 54 of 66 in 40, hard ones nothing of 60 in 20.
    const share = (easy: number) => (easy * (54 / 40)) / (easy * (66 / 40) + (1 - easy) * 3);
    expect(worst[0]!.saving).toBeCloseTo(share(2 / 3 - 0.1), 12);
    expect(worst[1]!.saving).toBeCloseTo(share(2 / 3 - 0.2), 12);
    expect(worst[0]!.towards).toEqual({ app: "hard", tier: 2 });
    // Quality is lowest where cheap answers are.
    expect(worst[0]!.retention).toBeCloseTo(0.9 * (2 / 3 + 0.1) + (1 / 3 - 0.1), 12);
    expect(lineOf(result.lines, "Mix of apps and tiers").high!.figure.value).toBeCloseTo(
      share(2 / 3 + 0.1),
      12,
    );
  });

  test("without an app the others' saving is left", () => {
    const without = Object.fromEntries(
      result.mix!.without_app.map(({ app, saving }) => [app, saving!.value]),
    );
    expect(without.hard).toBeCloseTo(54 / 66, 12);
    expect(without.easy).toBeCloseTo(0, 12);
  });

  test("the sentence names every break-even", () => {
    expect(result.sentence).toMatch(/^The saving of 42\.9 % stays positive unless /);
    for (const { break_even: even } of result.lines) if (even) expect(result.sentence).toContain(even.text);
    expect(result.sentence).toContain("Within its range it is taken away by: one app less.");
  });

  test("every attempt is in one line of the coverage", () => {
    expect(result.coverage.map(({ requests }) => requests)).toEqual([80, 40, 0, 0, 0]);
    expect(result.coverage[1]!.share_of_usd).toBeCloseTo(60 / 126, 12);
  });
});

test("where a price turns the order of the models round, the choice is made anew", () => {
  // The strong model costs 10 % more than the cheap one: 20 % off and it is the cheapest, and always sufficient.
  const attempts = planted().map((attempt) => ({ ...attempt, served: 1, usd: [3, 3.3] }));
  const line = lineOf(sensitivity(attempts).lines, "Price of large");
  const remade = [line.low!, line.high!].find(({ at }) => at === "-20 %")!.remade_saving;
  expect(remade).toBeCloseTo(0, 12);
  expect([line.low!, line.high!].find(({ at }) => at === "+20 %")!.remade_saving).toBeNull();
});

test("a judge's error rates move quality by Rogan and Gladen, over their whole intervals", () => {
  const rate = (low: number, high: number) => ({ value: (low + high) / 2, low, high, method: "", n: 50 });
  const judge = { overall: { tpr: rate(0.95, 1), tnr: rate(0.8, 1) } } as JudgeCalibration;
  const line = lineOf(sensitivity(planted(), { judge }).lines, "Errors of the judge");
  const corrected = (tpr: number, tnr: number) => Math.min(1, (0.9 + tnr - 1) / (tpr + tnr - 1));
  expect(line.low!.figure.value).toBeCloseTo((40 * corrected(1, 0.8) + 20) / 60, 12);
  expect(line.high!.figure.value).toBeCloseTo((40 * corrected(0.95, 1) + 20) / 60, 12);
  // With TPR 1, quality falls to 0.9 when moved calls keep 0.85: (0.9 + t - 1) / t = 0.85.
  expect(line.break_even!.at).toBeCloseTo(0.1 / 0.15, 9);
  expect(lineOf(sensitivity(planted()).lines, "Errors of the judge")).toMatchObject({
    low: null,
    unknown: expect.stringContaining("label calibrate"),
  });
});

test("weeks begin on Monday, and the halves say how far the mix moved", () => {
  const monday = Date.UTC(2026, 0, 5) * 1000;
  const attempts = planted()
    .slice(0, 60)
    .map((attempt, row) => ({
      ...attempt,
      createdAt: monday + (row < 30 ? -1 : 0) * 1e6 + row,
      app: row < 30 ? "early" : "late",
    }));
  const { mix } = sensitivity(attempts);
  expect(mix!.weeks.map(({ from, requests }) => [from, requests])).toEqual([
    ["2026-01-04", 30],
    ["2026-01-05", 30],
  ]);
  // Strata under 30 attempts are one: nothing that can be told apart moved.
  expect(mix!.strata).toBe(1);
  const same = planted()
    .slice(0, 60)
    .map((attempt, row) => ({ ...attempt, tier: 0, app: row < 30 ? "early" : "late" }));
  expect(sensitivity(same).mix).toMatchObject({ strata: 2, observed_distance: 1 });
});

describe("hostile logs", () => {
  test("nothing replayed has no saving, and says so", () => {
    for (const attempts of [[], [{ billed: 4 }]]) {
      expect(sensitivity(attempts)).toMatchObject({ base: null, lines: [], mix: null });
      expect(sensitivity(attempts).sentence).toContain("no saving");
    }
  });

  test("unknown list prices leave lengths unknown, not free", () => {
    const unpriced = {
      ...policy,
      models: policy.models.map((model) => ({ ...model, output_usd_per_mtok: null })),
    };
    const line = lineOf(sensitivity(planted(), { policy: unpriced }).lines, "Output length on another model");
    expect(line).toMatchObject({ low: null, high: null, break_even: null });
    expect(line.unknown).toContain("no list price");
  });

  test("free calls have no share to save", () => {
    const result = sensitivity(planted().map((attempt) => ({ ...attempt, usd: [0, 0] })));
    expect(result.base!.saving).toBeNull();
    expect(result.sentence).toContain("nothing was billed");
  });

  test("a router that costs more than the bill has no saving to lose", () => {
    const result = sensitivity(planted().map((attempt) => ({ ...attempt, served: 0, chosen: 1 })));
    expect(result.sentence).toMatch(/saves nothing/);
  });

  test("a router that moves nothing to a cheaper model has no quality to lose", () => {
    const result = sensitivity(planted().map((attempt) => ({ ...attempt, chosen: 1 })));
    expect(result.lines.filter(({ figure }) => figure === "retention")).toEqual([]);
  });
});
