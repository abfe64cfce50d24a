import { describe, expect, test } from "vitest";
import type { LeversResult } from "../../../datasets/levers-result.js";
import { layOutBill } from "../../../pipelines/levers/gateway-bill.js";
import type { LeverOptions } from "../../../pipelines/levers/lever-settings.js";
import { measureLevers } from "../../../pipelines/levers/measure-levers.js";
import type { ModelRates } from "../../../pipelines/levers/model-rates.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";

const second = 1e6;
const start = Date.UTC(2026, 0, 5, 12) * 1000;

/** $1 and $10 per million input tokens, cached at a tenth, output at four times; the strong one charges a quarter more for writing. */
const rates: ModelRates[] = [
  { ...planted(1e-6, 1e-6), batchRatio: 0.5 },
  { ...planted(10e-6, 12.5e-6), batchRatio: Number.NaN },
];

function planted(input: number, cacheWrite: number): Pick<ModelRates, "windows"> {
  const tier = { minInputTokens: 0, input, cacheRead: input / 10, cacheWrite, output: 4 * input };
  return { windows: [{ from: Number.NEGATIVE_INFINITY, tiers: [tier] }] };
}

/** A call on the strong model at list price: input, cached part and output in tokens. */
function call(input: number, reads = 0, fields: ReplayedAttempt = {}): ReplayedAttempt {
  const list = (usd: number, cached: number) => (input - 0.9 * cached) * usd + 100 * 4 * usd;
  const served = fields.served ?? 1;
  return {
    inputTokens: input,
    cacheReadTokens: reads,
    outputTokens: 100,
    usd: [list(1e-6, served === 0 ? reads : 0), list(10e-6, served === 1 ? reads : 0)],
    ...fields,
  };
}

function measure(attempts: readonly ReplayedAttempt[], options: LeverOptions = {}): LeversResult {
  return measureLevers(replayData(["small", "large"], attempts), { rates, lookupUsd: 0, ...options });
}

function alone(result: LeversResult, lever: string): number {
  return result.levers.find((row) => row.lever === lever)!.alone.value;
}

function change(result: LeversResult, step: string): number {
  return result.waterfall.find((row) => row.step === step)!.change.value;
}

describe("exact cache", () => {
  const repeat = (after: number, fields: ReplayedAttempt = {}) =>
    measure([
      call(100, 0, { prompt: 7, app: "a", latency: 2000 }),
      call(100, 0, { prompt: 7, app: "a", createdAt: start + after * second, ...fields }),
    ]);

  test.each([
    { why: "a repeat an hour later", after: 3600, fields: {}, hits: 1 },
    { why: "a repeat while the first is still being answered", after: 1, fields: {}, hits: 0 },
    { why: "a repeat when the answer has just come", after: 2, fields: {}, hits: 1 },
    { why: "a repeat after the TTL", after: 2 + 24 * 3600, fields: {}, hits: 0 },
    { why: "the same prompt to another model", after: 3600, fields: { served: 0 }, hits: 0 },
    { why: "the same prompt of another app", after: 3600, fields: { app: "b" }, hits: 0 },
    { why: "a retry of the same request", after: 3600, fields: { logical: 0, attemptNo: 2 }, hits: 0 },
    { why: "an answer that was cut off", after: 3600, fields: { finishReason: "length" }, hits: 0 },
    { why: "a failed attempt", after: 3600, fields: { isSuccess: false, isReplayed: false }, hits: 0 },
    { why: "a prompt that isn't in the log", after: 3600, fields: { prompt: -1 }, hits: 0 },
  ])("$hits hits: $why", ({ after, fields, hits }) => {
    const result = repeat(after, fields);
    expect(result.levers[0]!.requests).toBe(hits);
    expect(alone(result, "exact_cache")).toBeCloseTo(hits * 0.005, 12);
  });

  test("asking costs for hits and misses alike", () => {
    const result = measure(
      [0, 1, 2].map((i) => call(100, 0, { prompt: i === 2 ? 0 : i })),
      { lookupUsd: 0.001 },
    );
    expect(alone(result, "exact_cache")).toBeCloseTo(0.005 - 3 * 0.001, 12);
  });
});

describe("router", () => {
  const turns = (reads: readonly number[], chosen: readonly number[], gap = 60) =>
    measure(
      reads.map((read, i) =>
        call(2000 + 1000 * i, read, { session: 0, chosen: chosen[i]!, createdAt: start + i * gap * second }),
      ),
      { order: ["router"] },
    );

  test("a move loses the cache; later turns on the same model have it again", () => {
    const result = turns([0, 2000, 3000], [0, 0, 0]);
    // small: cached reads at 0.1, each turn's read was written free of charge
    const billed = (2000 + 1200 + 1300) * 10e-6 + 3 * 0.004;
    const kept = (2000 + 1200 + 1300) * 1e-6 + 3 * 0.0004;
    expect(result.billed_usd).toBeCloseTo(billed, 12);
    expect(change(result, "router_price")).toBeCloseTo(kept - billed, 12);
    expect(change(result, "router_cache")).toBeCloseTo(0, 12);
  });

  test("one turn moved in the middle loses both its own cache and the next turn's new part", () => {
    const result = turns([0, 2000, 3000], [1, 0, 1]);
    // the moved turn's 2,000 uncached on small; the last turn reads the 2,000 of the first turn, and pays 1,000 in full on large
    expect(change(result, "router_cache")).toBeCloseTo(2000 * 0.9e-6 + 1000 * 9e-6, 12);
  });

  test("nothing comes back after the cache's life", () => {
    const result = turns([2000, 2000, 2000], [0, 0, 0], 301);
    expect(change(result, "router_cache")).toBeCloseTo(3 * 2000 * 0.9e-6, 12);
  });

  test("reads of a prefix that other sessions wrote stay where the model stays", () => {
    const result = turns([1500, 2000], [1, 1]);
    expect(result.projected_usd).toBe(result.billed_usd);
  });

  test("without a cached price the loss is inside the price", () => {
    const { windows } = planted(1e-6, 1e-6);
    const tier = { ...windows[0]!.tiers[0]!, cacheRead: Number.NaN };
    const blind = { windows: [{ from: 0, tiers: [tier] }], batchRatio: Number.NaN };
    const result = measure([call(2000, 1500, { chosen: 0 })], {
      rates: [blind, rates[1]!],
      order: ["router"],
    });
    expect(change(result, "router_cache")).toBe(0);
    expect(change(result, "router_price")).toBeCloseTo(0.0024 - (650 * 10e-6 + 0.004), 12);
  });

  test("its own cost is a step", () => {
    const result = measure([call(100, 0, { chosen: 0 }), { billed: 5, served: -1 }], { routerUsd: 0.0001 });
    expect(change(result, "router_fee")).toBeCloseTo(0.0001, 12);
  });

  test("what is not replayed stays as billed", () => {
    const result = measure(
      [
        { billed: 5, served: -1 },
        { billed: 3, isSuccess: false },
      ],
      { order: ["router"] },
    );
    expect([result.billed_usd, result.projected_usd]).toEqual([8, 8]);
  });
});

describe("prompt caching", () => {
  const pair = (first: number, second: number, fields: ReplayedAttempt = {}) =>
    measure([call(first, 0, { session: 0 }), call(second, 0, { session: 0, ...fields })]);

  test("a follow-up reads the earlier prompt, and both turns pay for writing", () => {
    const usd = alone(pair(10_000, 11_000), "prompt_cache");
    expect(usd).toBeCloseTo(10_000 * 9e-6 - 11_000 * 2.5e-6, 12);
  });

  test.each([
    { why: "too short", first: 1000, second: 1100, fields: {} },
    {
      why: "a shorter follow-up, which can't begin with the earlier prompt",
      first: 5000,
      second: 4000,
      fields: {},
    },
    { why: "after the cache's life", first: 5000, second: 6000, fields: { createdAt: start + 400 * second } },
    { why: "another session", first: 5000, second: 6000, fields: { session: 1 } },
    { why: "reads that are not logged", first: 5000, second: 6000, fields: { cacheReadTokens: -1 } },
    { why: "more to write than is read", first: 1100, second: 50_000, fields: {} },
    { why: "the same request, asked again", first: 5000, second: 5000, fields: { logical: 0, attemptNo: 2 } },
  ])("nothing is claimed: $why", ({ first, second, fields }) => {
    expect(alone(pair(first, second, fields), "prompt_cache")).toBe(0);
  });

  test("an answer from the exact cache leaves no prompt in the provider's", () => {
    const result = measure([
      call(5000, 0, { prompt: 1, session: 0 }),
      call(5000, 0, { prompt: 1, session: 1, createdAt: start + 3600 * second }),
      call(6000, 0, { session: 1, createdAt: start + 3601 * second }),
    ]);
    const overlap = result.overlaps.find(({ levers }) => levers.join() === "exact_cache,prompt_cache")!;
    expect(overlap.overlap_usd).toBeCloseTo(alone(result, "prompt_cache"), 12);
  });
});

describe("batch", () => {
  const batchable = (attempts: readonly ReplayedAttempt[]) => ({
    isBatchable: new Uint8Array(attempts.length).fill(1),
  });

  test("costs what the model's provider takes, of a model outside the pool half, and nothing less where that is unknown", () => {
    const attempts = [call(1000, 0, { served: 0 }), call(1000), { billed: 5, served: -1 }];
    expect(alone(measure(attempts, batchable(attempts)), "batch")).toBeCloseTo(0.5 * 0.0014 + 2.5, 12);
  });

  test("after the router, the smaller bill is halved", () => {
    const attempts = [call(1000, 0, { chosen: 0 })];
    const result = measure(attempts, { ...batchable(attempts), order: ["router", "batch"] });
    expect(result.projected_usd).toBeCloseTo(0.5 * 0.0014, 12);
  });

  test("without knowing who waits, none is claimed", () => {
    const result = measure([call(1000, 0, { served: 0 })]);
    expect(alone(result, "batch")).toBe(0);
    expect(result.levers.find(({ lever }) => lever === "batch")!.coverage.requests).toBe(0);
  });
});

describe("oversize prompts", () => {
  test("are cut to 8 times the median of their group, cached tokens first", () => {
    const usual = Array.from({ length: 40 }, () => call(1000));
    const result = measure([...usual, call(20_000), call(20_000, 10_000)]);
    const row = result.levers.find(({ lever }) => lever === "oversize")!;
    expect(row.alone.value).toBeCloseTo(12_000 * 10e-6 + 10_000 * 1e-6 + 2000 * 10e-6, 12);
    expect([row.requests, row.is_combined, row.is_upper_bound]).toEqual([2, false, true]);
  });

  test("fall out of the range of a dearer price when cut below it", () => {
    const tiers = planted(10e-6, 10e-6).windows[0]!.tiers;
    const dear = { ...tiers[0]!, minInputTokens: 200_000, input: 20e-6, output: 80e-6 };
    const large = { windows: [{ from: 0, tiers: [tiers[0]!, dear] }], batchRatio: Number.NaN };
    const usd = 250_000 * 20e-6 + 100 * 80e-6;
    const result = measure([{ inputTokens: 250_000, outputTokens: 100, usd: [1, usd] }], {
      rates: [rates[0]!, large],
      trimTo: 200_000 - 1,
    });
    expect(alone(result, "oversize")).toBeCloseTo(usd - (199_999 * 10e-6 + 100 * 40e-6), 9);
  });

  test("a group of few calls has no usual length", () => {
    expect(alone(measure([...Array.from({ length: 18 }, () => call(100)), call(90_000)]), "oversize")).toBe(
      0,
    );
  });
});

describe("retries", () => {
  test("are what attempts cost that others followed, whatever their order in the log", () => {
    const attempts: ReplayedAttempt[] = [
      { billed: 1, isSuccess: false, logical: 9, attemptNo: 1 },
      { billed: 4, logical: 9, attemptNo: 3 },
      { billed: 2, isSuccess: false, logical: 9, attemptNo: 2 },
      { billed: 8, logical: 4 },
    ];
    expect(alone(measure(attempts), "retries")).toBe(3);
  });
});

describe("mark-up and cascade", () => {
  /** A tenth of list prices and $0.0005 a call, on whatever model. */
  const added = (usd: number) => usd * 1.1 + 0.0005;
  const terms = { markup: 0.1, fee_usd: 0.0005 };
  const markup = layOutBill([{ billed: terms, on: [terms, terms] }], 2, new Int32Array(2));

  test("a mark-up comes off what stays and off what is moved, whatever the order", () => {
    const rows = [call(1000), call(1000, 0, { chosen: 0 })].map((row) => ({
      ...row,
      usd: row.usd!.map(added),
    }));
    const last = measure(rows, { markup, order: ["router", "markup"] });
    expect(alone(last, "markup")).toBeCloseTo(2 * (0.1 * 0.014 + 0.0005), 12);
    expect(change(last, "router_price")).toBeCloseTo(-1.1 * (0.014 - 0.0014), 12);
    expect(change(last, "markup")).toBeCloseTo(-0.1 * (0.014 + 0.0014) - 2 * 0.0005, 12);
    expect(last.projected_usd).toBeCloseTo(0.014 + 0.0014, 12);
    expect(measure(rows, { markup, order: ["markup", "router"] }).projected_usd).toBeCloseTo(
      last.projected_usd,
      12,
    );
  });

  test("a replay that doesn't carry a mark-up to other models has nothing to take off there", () => {
    const listed = layOutBill([{ billed: terms, on: [null, null] }], 2, new Int32Array(2));
    const [, moved] = [call(1000), call(1000, 0, { chosen: 0 })];
    const result = measure([{ ...moved, usd: [0.0014, added(0.014)] }], {
      markup: { ...listed, groups: new Int32Array(1) },
      order: ["router", "markup"],
    });
    expect(change(result, "markup")).toBeCloseTo(0, 12);
    expect(result.projected_usd).toBeCloseTo(0.0014, 12);
  });

  test("what prompt caching saves is charged at the marked-up price, and the fee stays", () => {
    const turn = (at: number) =>
      call(2000, 0, { session: 0, createdAt: start + at * second, usd: [0.0024, 0.024].map(added) });
    const saved = 2000 * 9e-6 - 2000 * 2.5e-6;
    const listed = alone(measure([turn(0), turn(60)]), "prompt_cache");
    const marked = measure([turn(0), turn(60)], { markup, order: ["prompt_cache", "markup"] });
    expect(listed).toBeCloseTo(saved, 12);
    expect(alone(marked, "prompt_cache")).toBeCloseTo(1.1 * listed, 12);
    expect(change(marked, "markup")).toBeCloseTo(-0.1 * (0.048 - listed) - 2 * 0.0005, 12);
  });

  test("the batch price halves tokens, not a gateway's fee", () => {
    const rows = [call(1000, 0, { served: 0, usd: [0.0014, 0.014].map(added) })];
    const result = measure(rows, {
      markup: { ...markup, groups: new Int32Array(1) },
      isBatchable: new Uint8Array([1]),
      order: ["batch", "markup"],
    });
    expect(alone(result, "batch")).toBeCloseTo((1.1 * 0.0014) / 2, 12);
    expect(result.projected_usd).toBeCloseTo(0.0014 / 2, 12);
  });

  test("a cascade pays for the first answer, the gate, and its share of the second", () => {
    const cascade = {
      first: 0,
      second: 1,
      escalates: new Float64Array([0.25, Number.NaN]),
      gateUsd: new Float64Array([0.0001, 0]),
    };
    const result = measure([call(1000), call(1000)], { cascade, order: ["router", "cascade"] });
    expect(result.projected_usd).toBeCloseTo(0.0014 + 0.0001 + 0.25 * 0.014 + 0.014, 12);
  });

  test("without a plan there is no such lever", () => {
    expect(measure([call(10)]).levers.map(({ lever }) => lever)).not.toContain("cascade");
  });
});

describe("hostile logs", () => {
  test.each<[string, ReplayedAttempt[]]>([
    ["no attempts", []],
    [
      "nothing replayed",
      [
        { billed: 1, served: -1 },
        { billed: 2, served: -1 },
      ],
    ],
    [
      "all failed",
      [
        { isSuccess: false, billed: Number.NaN },
        { isSuccess: false, billed: 0 },
      ],
    ],
    ["unknown prices", [{ isUnknown: true, billed: Number.NaN }, call(100)]],
    ["one session", [call(2000, 0, { session: 0 }), call(3000, 2000, { session: 0, chosen: 0 })]],
    ["no tokens", [call(100, 0, { inputTokens: -1, outputTokens: -1, cacheReadTokens: -1, chosen: 0 })]],
    [
      "more read than sent",
      [
        { inputTokens: 2000, cacheReadTokens: 9000, usd: [0.002, 0.02], chosen: 0 },
        { inputTokens: 10, cacheReadTokens: 9000, usd: [0.001, 0.01] },
      ],
    ],
    ["NaN latencies", [call(10, 0, { latency: Number.NaN, prompt: 1 }), call(10, 0, { prompt: 1 })]],
  ])("%s", (_, attempts) => {
    const result = measure(attempts, { isBatchable: new Uint8Array(attempts.length).fill(1) });
    const known = attempts.reduce((sum, { billed, usd }) => {
      const cost = billed ?? usd?.[1] ?? 0;
      return sum + (cost >= 0 ? cost : 0);
    }, 0);
    expect(result.billed_usd).toBeCloseTo(known, 12);
    expect(result.projected_usd).toBeGreaterThanOrEqual(0);
    expect(result.unpriced_attempts).toBe(attempts.filter(({ isUnknown }) => isUnknown).length);
    for (const { alone: saving } of result.levers) expect(Number.isFinite(saving.value)).toBe(true);
    expect(result.coverage.reduce((sum, { requests }) => sum + requests, 0)).toBe(attempts.length);
  });

  test("one model", () => {
    const replay = replayData(["only"], [{ usd: [1], served: 0, chosen: 0 }]);
    expect(measureLevers(replay).projected_usd).toBeCloseTo(1 + 4e-6, 12);
  });
});
