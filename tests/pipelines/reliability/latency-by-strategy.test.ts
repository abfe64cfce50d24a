import { describe, expect, it } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { latencyByStrategy } from "../../../pipelines/reliability/latency-by-strategy.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const models = ["small", "large"];
const options = { sloMs: 1_000, seed: 1 };
const usd = [1, 2];

function rowsOf(attempts: readonly ReplayedAttempt[]) {
  const rows = latencyByStrategy(replayData(models, attempts), options);
  return Object.fromEntries(rows.map((row) => [row.strategy, row]));
}

/** So many answers of each model: small takes 100 ms, 200 ms, ..., large four times as long. */
const ladder = (count: number, changes: ReplayedAttempt = {}): ReplayedAttempt[] =>
  [0, 1].flatMap((served) =>
    Array.from({ length: count }, (_, i) => ({
      usd,
      served,
      latency: 100 * (i + 1) * (served === 1 ? 4 : 1),
      ...changes,
    })),
  );

describe("latency by strategy", () => {
  it("keeps each request's rank when its model changes", () => {
    const { billed, always_strong, always_cheapest } = rowsOf(ladder(40));
    // 32 + 8 of 80 take up to 3,200 ms, the next one 3,300
    expect(billed!.total_p50!.value).toBe(3_250);
    // every rung comes twice: the median of 100, 100, 200, 200, ... is that of one ladder
    expect(always_cheapest!.total_p50!.value).toBeCloseTo(2_050, 9);
    expect(always_strong!.total_p50!.value).toBeCloseTo(8_200, 9);
    expect(always_cheapest!.within_slo!.value).toBeCloseTo(20 / 80, 12);
    expect(billed!.within_slo!.value).toBeCloseTo(12 / 80, 12);
  });

  it("moves slow requests to slow answers, where independent times would be shorter", () => {
    // small's go to large, and the slowest 60 of large's 400 to small, whose slowest take 136 to 160 s
    const attempts = ladder(400).map((attempt, i) => ({
      ...attempt,
      served: i < 400 ? 1 : 0,
      chosen: i < 340 || i >= 400 ? 1 : 0,
    }));
    const { router } = rowsOf(attempts);
    expect(router!.total_p95!.value).toBeGreaterThan(136_000);
    expect(router!.total_p95_if_independent!).toBeLessThan(90_000);
  });

  it("compares answers of similar length", () => {
    const long = ladder(30, { outputTokens: 3_000 }).map((attempt) => ({
      ...attempt,
      latency: attempt.latency! + 100_000,
    }));
    const { always_cheapest } = rowsOf([...ladder(30), ...long]);
    // half are short and half long on either model: nothing lies between
    expect(always_cheapest!.total_p50!.value).toBeGreaterThan(3_000);
    expect(always_cheapest!.total_p95!.value).toBeGreaterThan(100_000);
  });

  it("counts what it can't know: no logged time, or a model without any", () => {
    const onlyLarge = Array.from({ length: 30 }, (_, i) => ({
      usd,
      served: 1,
      latency: i < 10 ? Number.NaN : 500,
    }));
    const { billed, always_cheapest, always_strong } = rowsOf(onlyLarge);
    expect(billed).toMatchObject({ requests: 20, unknown: 10 });
    expect(always_strong).toMatchObject({ requests: 20, unknown: 10 });
    expect(always_cheapest).toMatchObject({
      requests: 0,
      unknown: 30,
      total_p50: null,
      total_p95_if_independent: null,
      within_slo: null,
    });
  });

  it("measures first tokens on streams, and speed after the first token", () => {
    const { billed } = rowsOf([
      { usd, latency: 1_200, ttft: 200, outputTokens: 101 },
      { usd, latency: 1_200, ttft: 200, outputTokens: 1 },
      { usd, latency: 900, outputTokens: 50 },
      { usd, latency: 100, ttft: 300, outputTokens: 50 },
    ]);
    expect(billed!.ttft_p50!.value).toBe(200);
    expect(billed!.ttft_p50!.n).toBe(3);
    expect(billed!.speed_p50!.value).toBe(100);
    expect(billed!.speed_p50!.n).toBe(1);
  });

  it("leaves batch jobs and failures out", () => {
    const { billed } = rowsOf([
      { usd, latency: 100 },
      { usd, latency: 9e6, isBatch: true },
      { isSuccess: false, latency: 30_000 },
    ]);
    expect(billed).toMatchObject({ requests: 1, unknown: 0 });
    expect(latencyByStrategy(replayData(models, []), options)).toEqual([]);
  });

  it("finds the true p95 of the other model from a random split (within 4 %)", () => {
    const random = createRandom(5);
    const attempts = Array.from({ length: 20_000 }, () => {
      const served = random.below(2);
      return { usd, served, latency: Math.exp(5 + 2 * served + 0.5 * random.normal()) };
    });
    const truth = Math.exp(5 + 0.5 * 1.6448536);
    const { always_cheapest } = rowsOf(attempts);
    expect(Math.abs(always_cheapest!.total_p95!.value / truth - 1)).toBeLessThan(0.04);
    expect(Math.abs(always_cheapest!.total_p95_if_independent! / truth - 1)).toBeLessThan(0.04);
  });
});
