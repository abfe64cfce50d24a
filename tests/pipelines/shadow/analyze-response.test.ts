import { describe, expect, test } from "vitest";
import type { ResponseShadow } from "../../../datasets/shadow-result.js";
import { type PlantedShadowOptions, plantShadow } from "../../../datasets/synthetic/planted-shadow.js";
import { type AnalyzeShadowOptions, analyzeShadow } from "../../../pipelines/shadow/analyze-shadow.js";
import { linesFile, shadowFiles } from "../../support/shadow-files.js";

const planted: PlantedShadowOptions = {
  days: 10,
  sessionsPerDay: 250,
  meanSession: 2,
  discordance: 0.2,
  difference: 0,
  icc: 0.3,
  rate: 0.5,
  seed: 11,
};
const now = Date.parse("2026-06-20T00:00:00Z");

async function analyse(
  changes: Partial<PlantedShadowOptions>,
  options: Partial<AnalyzeShadowOptions> = {},
): Promise<ResponseShadow> {
  const { response } = await analyzeShadow({ ...shadowFiles({ ...planted, ...changes }), now, ...options });
  return response!;
}

describe("a planted shadow", () => {
  test("of an equally good candidate is certified, with the plant inside every interval", async () => {
    const { verdict, looks, difference, guardrails, costs, latency, sample_ratio } = await analyse(
      {},
      { design: { margin: 0.05 } },
    );
    expect(verdict).toMatchObject({
      action: "certify",
      reason: "certified",
      is_robust: true,
      next_look: null,
    });
    // ten days, and once more when the last session has closed
    expect(looks.length).toBe(11);
    expect(looks.every(({ low, high }) => low === null || (low <= 0 && 0 <= high!))).toBe(true);
    expect(difference!.low).toBeLessThan(0);
    expect(difference!.high).toBeGreaterThan(0);
    expect(guardrails.map(({ name, status }) => [name, status])).toEqual([
      ["errors", "ok"],
      ["refusals", "ok"],
      ["invalid_json", "too_few"],
      ["latency_p95", "ok"],
    ]);
    // 0.9 of answers succeed in the mean, half of the discordant and 80 % of the others: 0.1 + 0.8 * 0.8
    const [baseline, candidate] = costs;
    expect(baseline!.successes / baseline!.pairs).toBeCloseTo(0.74, 1.5);
    expect(candidate!.usd_per_success!.value).toBeLessThan(baseline!.usd_per_success!.low);
    const median = latency.find(({ side, quantile }) => side === "candidate" && quantile === 0.5)!;
    expect(median.low).toBeLessThan(800);
    expect(median.high).toBeGreaterThan(800);
    expect(sample_ratio.verdict).toBe("ok");
  });

  test("that is too short for its margin goes on, and says how many pairs are missing", async () => {
    const { verdict } = await analyse(
      { days: 3, difference: -0.02, sessionsPerDay: 60 },
      { design: { margin: 0.02 } },
    );
    expect(verdict).toMatchObject({ action: "continue", reason: "collecting" });
    expect(verdict.next_look!.more_pairs).toBeGreaterThan(50);
    expect(verdict.next_look!.more_pairs).toBeLessThan(10_000);
  });

  test.each<[string, Partial<PlantedShadowOptions>, NonNullable<AnalyzeShadowOptions["design"]>]>([
    ["harm", { difference: 0.15 }, {}],
    ["guardrail:errors", { candidateErrors: 0.1 }, {}],
    ["guardrail:refusals", { candidateRefusals: 0.1 }, {}],
    ["guardrail:latency_p95", { latencyRatio: 2.5 }, {}],
    ["guardrail:slice", { sliceHarm: 0.3, difference: -0.06, sessionsPerDay: 500 }, {}],
    ["invalid:srm", { lost: 0.3 }, {}],
    ["invalid:drops", { dropped: 0.4 }, {}],
    ["futility", { sessionsPerDay: 60 }, { margin: 0.01, maxDays: 11 }],
    ["budget", { days: 30, sessionsPerDay: 30 }, { margin: 0.01 }],
  ])("stops for %s", async (reason, changes, design) => {
    const { verdict } = await analyse(changes, { design, now: Date.parse("2026-07-20T00:00:00Z") });
    expect(verdict).toMatchObject({ action: "stop", reason, next_look: null, is_robust: null });
    expect(verdict.text.length).toBeGreaterThan(20);
  });

  test("names the slice that is given worse answers, and keeps small ones in the table", async () => {
    const { slices } = await analyse({ sliceHarm: 0.3, difference: -0.06, sessionsPerDay: 500 });
    expect(slices.worst).toBe("locale de");
    expect(slices.rows.find(({ slice }) => slice === "de")).toMatchObject({ status: "harmed" });
    const few = await analyse({ days: 1, sessionsPerDay: 20 });
    expect(few.slices.rows.map(({ status }) => status)).toContain("too_few");
    expect(
      few.slices.rows.reduce((sum, { dimension, pairs }) => sum + (dimension === "app" ? pairs : 0), 0),
    ).toBe(few.looks.at(-1)!.pairs);
  });

  test("is not certified before a week with both days of a weekend, and is asked back then", async () => {
    const early = await analyse({ days: 5, sessionsPerDay: 600 }, { design: { margin: 0.06 } });
    expect(early.verdict).toMatchObject({ action: "continue", reason: "too_early" });
    expect(early.verdict.next_look!.at).toBe("2026-06-08T00:00:00.000Z");
    expect(early.certified_at).not.toBeNull();
    const week = await analyse({ days: 7, sessionsPerDay: 600 }, { design: { margin: 0.06 } });
    expect(week.verdict.action).toBe("certify");
  });

  test("says when the certificate rests on leaving failed calls out", async () => {
    const { verdict, sensitivity } = await analyse(
      { candidateErrors: 0.06, sessionsPerDay: 500 },
      { design: { margin: 0.05, maxErrorIncrease: 0.2 } },
    );
    expect(verdict).toMatchObject({ reason: "certified", is_robust: false });
    expect(verdict.text).toContain("does not hold");
    expect(sensitivity.map(({ is_certified }) => is_certified)).toEqual([true, false, false]);
    expect(sensitivity[1]!.difference).toBeCloseTo(sensitivity[0]!.difference + 0.06, 1.7);
  });
});

describe("rows without a partner", () => {
  test("are counted by kind, with an example, and leave no figure", async () => {
    const { pairs, verdicts, decisions } = plantShadow({ ...planted, days: 2, sessionsPerDay: 100 });
    const { response } = await analyzeShadow({
      logs: [linesFile(decisions.filter(({ request_id }) => request_id !== pairs[3]!.request_id))],
      pairs: [linesFile([...pairs.slice(2), pairs[5]])],
      verdicts: [
        linesFile([
          ...verdicts.slice(0, -4),
          verdicts[10],
          { pair_id: "elsewhere", difference: 0 },
          { pair_id: pairs.at(-1)!.pair_id, difference: null, error: "timeout" },
        ]),
      ],
      now,
    });
    const { joins, looks } = response!;
    expect(Object.fromEntries(joins.map(({ kind, rows }) => [kind, rows]))).toEqual({
      matched: pairs.length - 2 - 4,
      pair_without_verdict: 3,
      verdict_without_value: 1,
      verdict_without_pair: 3,
      verdict_on_incomplete_pair: 0,
      pair_without_decision: 1,
      sampled_decision_without_pair: 2,
      duplicate_pair: 1,
      duplicate_verdict: 1,
    });
    expect(joins.find(({ kind }) => kind === "pair_without_decision")!.example).toBe(pairs[3]!.pair_id);
    expect(looks.at(-1)!.pairs).toBe(pairs.length - 6);
  });

  test("a failed try that the SDK repeated gives way to the pair of its repetition", async () => {
    const { pairs, verdicts } = plantShadow({ ...planted, days: 2, sessionsPerDay: 100 });
    const failed = { ...pairs[0]!, status: "baseline_failed", candidate: null };
    const { response } = await analyzeShadow({
      pairs: [linesFile([failed, ...pairs])],
      verdicts: [linesFile(verdicts)],
      now,
    });
    const rows = Object.fromEntries(response!.joins.map(({ kind, rows }) => [kind, rows]));
    expect(rows).toMatchObject({ matched: pairs.length, duplicate_pair: 1, verdict_on_incomplete_pair: 0 });
    expect(response!.statuses.find(({ status }) => status === "baseline_failed")!.pairs).toBe(0);
  });

  test("a quarter of pairs without a verdict holds the verdict back", async () => {
    const { pairs, verdicts } = plantShadow({ ...planted, sessionsPerDay: 600 });
    const { response } = await analyzeShadow({
      pairs: [linesFile(pairs)],
      verdicts: [linesFile(verdicts.filter((_, i) => i % 4 > 0))],
      design: { margin: 0.06 },
      now,
    });
    expect(response!.verdict).toMatchObject({ action: "continue", reason: "unjudged" });
    expect(response!.sensitivity.at(-1)!.is_certified).toBe(false);
  });

  test("no verdict at all asks for judging, and the other figures are still there", async () => {
    const { pairs } = plantShadow(planted);
    const { response } = await analyzeShadow({ pairs: [linesFile(pairs)], now });
    expect(response!.verdict).toMatchObject({ action: "continue", reason: "no_pairs" });
    expect(response!.guardrails[0]!.status).toBe("ok");
    expect(response!.success).toContain("no verdict says");
    expect(response!.sample_ratio).toMatchObject({ verdict: "unknown", e_value: null });
  });
});

describe("design", () => {
  test("scores stand for a difference and for successes", async () => {
    const { pairs } = plantShadow({ ...planted, days: 2 });
    const { response } = await analyzeShadow({
      pairs: [linesFile(pairs)],
      verdicts: [
        linesFile(pairs.map(({ pair_id }) => ({ pair_id, baseline_score: 0.9, candidate_score: 0.4 }))),
      ],
      now,
    });
    expect(response!.difference!.value).toBeCloseTo(0.5, 12);
    expect(response!.costs.map(({ successes }) => successes)).toEqual([pairs.length, 0]);
    expect(response!.costs[1]!.usd_per_success).toBeNull();
  });

  test("a population of all takes requests that stay with their model as no loss", async () => {
    const { pairs, verdicts } = plantShadow({ ...planted, days: 3 });
    const same = pairs.map((pair, i) =>
      i % 2 === 0 ? { ...pair, status: "same_model" as const, candidate: null } : pair,
    );
    const files = { pairs: [linesFile(same)], verdicts: [linesFile(verdicts)], now };
    const called = (await analyzeShadow(files)).response!;
    const all = (await analyzeShadow({ ...files, design: { population: "all" } })).response!;
    expect(all.looks.at(-1)!.pairs).toBe(pairs.length);
    expect(called.looks.at(-1)!.pairs).toBe(Math.floor(pairs.length / 2));
    expect(all.difference!.value).toBeCloseTo(called.difference!.value / 2, 3);
  });

  test("an unknown price is left out of the cost and counted", async () => {
    const { pairs, verdicts } = plantShadow({ ...planted, days: 2 });
    const { response } = await analyzeShadow({
      pairs: [
        linesFile(pairs.map((pair) => ({ ...pair, candidate: { ...pair.candidate, model: "acme-7b" } }))),
      ],
      verdicts: [linesFile(verdicts)],
      now,
    });
    const [baseline, candidate] = response!.costs;
    expect(baseline!.unpriced).toBe(0);
    expect(candidate).toMatchObject({ unpriced: pairs.length, usd_per_success: null });
    expect(response!.spend.unpriced_calls).toBe(pairs.length);
  });

  test.each([
    [{ margin: 0 }, "--margin is 0"],
    [{ alpha: 0.7 }, "--alpha is 0.7"],
    [{ sessionCap: 1.5 }, "--session-cap is 1.5"],
    [{ minDays: 9, maxDays: 8 }, "--max-days is 8"],
    [{ maxLatencyRatio: Number.NaN }, "--max-latency-ratio is not a number"],
  ])("refuses %o", async (design, message) => {
    await expect(analyse({ days: 1, sessionsPerDay: 5 }, { design })).rejects.toThrow(message);
  });
});
