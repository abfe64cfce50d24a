import { expect, test } from "vitest";
import type { MarkupGroup } from "../../../datasets/markup-result.js";
import { openPriceBook } from "../../../datasets/prices/price-book.js";
import { createRandom, type Random } from "../../../datasets/random.js";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import type { TokenUsage } from "../../../datasets/tokens/token-usage.js";
import { inferMarkupTables } from "../../../pipelines/markup/markup.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { requestRow } from "../../support/request-row.js";

const book = openPriceBook();
const markup = 0.055;
const fee = 1e-4;
const start = Date.UTC(2026, 2, 1) * 1000;

const plainUsage: TokenUsage = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite5m: 0,
  inputCacheWrite1h: 0,
  outputText: 0,
  outputReasoning: 0,
  inputAudio: null,
  inputImage: null,
  outputAudio: null,
};

interface Call {
  i: number;
  list: number;
  usage: TokenUsage;
  random: Random;
  /** List cost of another usage of the same model. */
  price: (changes: Partial<TokenUsage>) => number;
}

/** Calls with skewed token counts over 30 days; `report` says what the gateway makes of each. */
function plant(
  report: (call: Call) => number | null,
  options: {
    n?: number;
    seed?: number;
    model?: string;
    provider?: string;
    from?: number;
    fields?: (i: number) => Partial<RequestRow>;
  } = {},
): RequestRow[] {
  const {
    n = 800,
    seed = 1,
    model = "claude-sonnet-4-5",
    provider = "anthropic",
    from = start,
    fields,
  } = options;
  const random = createRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const tokens = (typical: number) => Math.round(typical * Math.exp(random.normal()));
    const usage: TokenUsage = {
      inputUncached: tokens(800),
      inputCacheRead: random.uniform() < 0.5 ? tokens(4000) : 0,
      inputCacheWrite5m: random.uniform() < 0.2 ? tokens(2000) : 0,
      inputCacheWrite1h: 0,
      outputText: tokens(200),
      outputReasoning: random.uniform() < 0.4 ? tokens(300) : 0,
      inputAudio: null,
      inputImage: null,
      outputAudio: null,
    };
    const createdAt = from + Math.floor((i / n) * 30 * 86_400_000_000);
    const price = (changes: Partial<TokenUsage>) =>
      book.price({ provider, model, usage: { ...usage, ...changes }, createdAt }).usd!;
    const list = price({});
    return requestRow({
      request_id: `r${String(i).padStart(6, "0")}`,
      created_at: createdAt,
      gateway: "litellm",
      provider,
      model,
      input_uncached_tokens: usage.inputUncached,
      input_cache_read_tokens: usage.inputCacheRead,
      input_cache_write_5m_tokens: usage.inputCacheWrite5m,
      input_cache_write_1h_tokens: 0,
      input_total_tokens: usage.inputUncached + usage.inputCacheRead + usage.inputCacheWrite5m,
      output_text_tokens: usage.outputText,
      output_reasoning_tokens: usage.outputReasoning,
      output_total_tokens: usage.outputText + usage.outputReasoning,
      cost_list_usd: list,
      cost_reported_usd: report({ i, list, usage, random, price }),
      ...fields?.(i),
    });
  });
}

async function infer(rows: RequestRow[]): Promise<MarkupGroup> {
  const engine = await memoryEngine(requestLog, rows);
  const { groups } = await inferMarkupTables(engine, book);
  engine.close();
  for (const group of groups) {
    const sum = group.parts.reduce((total, { usd }) => total + usd, 0);
    expect(Math.abs(group.reported_usd - group.list_usd - sum)).toBeLessThan(1e-9);
  }
  return groups[0]!;
}

const noisy = (random: Random) => 1 + 0.02 * random.normal();
const added = (cost: number, random: Random) => ((1 + markup) * cost + fee) * noisy(random);

function expectTruth(group: MarkupGroup): void {
  // Within twice the interval: one draw is not asked for 95 % coverage, but for no bias.
  const near = ({ value, low, high }: { value: number; low: number; high: number }, truth: number) =>
    expect(Math.abs(value - truth)).toBeLessThan(high - low);
  near(group.markup!, markup);
  near(group.fee_usd!, fee);
  expect(group.markup!.high - group.markup!.low).toBeLessThan(0.02);
}

test("a mark-up and a fee are found, with nothing else named", async () => {
  const group = await infer(plant(({ list, random }) => added(list, random)));
  expectTruth(group);
  expect(group.counting.name).toBe("list");
  expect(group.stretches).toHaveLength(1);
  expect(group.by_kind).toBeNull();
  expect(group.residual_share).toBeLessThan(0.01);
  expect(group.verdict).toMatch(/^Costs are list price with a mark-up of 5\.\d+ %.* and \$0\.00\d+ per call/);
});

const errorsOfCounting: ReadonlyArray<readonly [string, (call: Call) => number]> = [
  [
    "cache_reads_at_full_rate",
    ({ usage, price }) =>
      price({ inputUncached: usage.inputUncached + usage.inputCacheRead, inputCacheRead: 0 }),
  ],
  [
    "cache_reads_billed_twice",
    ({ usage, price, list }) =>
      list + price({ inputUncached: usage.inputUncached + usage.inputCacheRead }) - list,
  ],
  ["cache_reads_not_billed", ({ price }) => price({ inputCacheRead: 0 })],
  ["cache_writes_not_billed", ({ price }) => price({ inputCacheWrite5m: 0 })],
  [
    "cache_writes_at_input_rate",
    ({ usage, price }) =>
      price({ inputUncached: usage.inputUncached + usage.inputCacheWrite5m, inputCacheWrite5m: 0 }),
  ],
  [
    "reasoning_billed_twice",
    ({ usage, price }) => price({ outputText: usage.outputText + usage.outputReasoning }),
  ],
  ["reasoning_not_billed", ({ price }) => price({ outputReasoning: 0 })],
];

test.each(errorsOfCounting)("%s is named and leaves mark-up and fee as they are", async (name, cost) => {
  const group = await infer(plant((call) => added(cost(call), call.random), { seed: 11 }));
  expect(group.counting.name).toBe(name);
  expectTruth(group);
});

test("an error of counting in exact costs is named too", async () => {
  const group = await infer(
    plant(
      ({ usage, price }) =>
        (1 + markup) *
        price({ inputUncached: usage.inputUncached + usage.inputCacheRead, inputCacheRead: 0 }),
    ),
  );
  expect(group.counting.name).toBe("cache_reads_at_full_rate");
  expect(group.markup!.value).toBeCloseTo(markup, 6);
});

test("a price step in time makes stretches, and the longest gives the mark-up", async () => {
  const group = await infer(plant(({ i, list, random }) => added(i < 500 ? list : 1.25 * list, random)));
  expect(group.stretches).toHaveLength(2);
  expect(group.stretches[0]!.is_reference).toBe(true);
  expect(Math.abs(group.stretches[0]!.calls - 500)).toBeLessThan(15);
  expectTruth(group);
  expect(group.verdict).toMatch(/costs are 1\.2\d+ times those of/);
});

test("steps and an error of counting together are told apart", async () => {
  const group = await infer(
    plant(
      ({ i, usage, price, random }) =>
        added(
          (i < 800 ? 1 : 0.8) *
            price({ inputUncached: usage.inputUncached + usage.inputCacheRead, inputCacheRead: 0 }),
          random,
        ),
      { n: 1200 },
    ),
  );
  expect(group.counting.name).toBe("cache_reads_at_full_rate");
  expect(group.stretches).toHaveLength(2);
  expectTruth(group);
});

test("a gateway that kept the old price list after a price cut is named with the list's date", async () => {
  // OpenAI cut o3 to a fifth on 2025-06-10.
  const group = await infer(
    plant(({ usage, random }) => added((usage.inputUncached * 10 + usage.outputText * 40) / 1e6, random), {
      model: "o3",
      provider: "openai",
      from: Date.UTC(2025, 4, 25) * 1000,
    }).map((row) => {
      const usage = {
        ...plainUsage,
        inputUncached: row.input_uncached_tokens!,
        outputText: row.output_text_tokens!,
      };
      const list = book.price({ provider: "openai", model: "o3", usage, createdAt: row.created_at }).usd;
      return {
        ...row,
        input_cache_read_tokens: 0,
        input_cache_write_5m_tokens: 0,
        output_reasoning_tokens: 0,
        cost_list_usd: list,
      };
    }),
  );
  expect(group.counting.name).toMatch(/^price_list_of_2/);
  expect(group.stretches).toHaveLength(1);
  expectTruth(group);
});

test("$0 for a price that the gateway lacks is counted and never a discount", async () => {
  const group = await infer(plant(({ i, list, random }) => (i % 4 === 0 ? 0 : added(list, random))));
  expect(group.zero.calls).toBe(200);
  expectTruth(group);
  expect(group.verdict).toMatch(/200 calls are reported as \$0/);
  const all = await infer(plant(() => 0));
  expect([all.markup, all.usable, all.zero.calls]).toEqual([null, 0, 800]);
  expect(all.verdict).toMatch(/doesn't know the model's price/);
});

test("answers of the gateway's cache are neither zero prices nor discounts", async () => {
  const group = await infer(
    plant(({ i, list, random }) => (i % 4 === 0 ? 0 : added(list, random)), {
      fields: (i) => (i % 4 === 0 ? { cache_status: "hit" } : {}),
    }),
  );
  expect([group.zero.calls, group.cache_hits]).toEqual([0, 200]);
});

test.each([
  ["to the nearest thousandth of a dollar", 1000, Math.round],
  ["to the nearest hundred-thousandth", 100_000, Math.round],
])("costs rounded %s leave the mark-up as it is", async (_, scale, round) => {
  const group = await infer(
    plant(({ list, random }) => round(added(list, random) * scale) / scale, { n: 1500 }),
  );
  expect(group.rounding_usd).toBeCloseTo(1 / scale, 12);
  expectTruth(group);
  expect(group.zero.calls).toBe(0);
});

test("input and output at different rates are named a different price list", async () => {
  const group = await infer(
    plant(({ price, random }) => {
      const output = price({ inputUncached: 0, inputCacheRead: 0, inputCacheWrite5m: 0 });
      return ((price({}) - output) * 1.05 + output * 1.3) * noisy(random);
    }),
  );
  expect(group.by_kind!.input.value).toBeCloseTo(1.05, 1);
  expect(group.by_kind!.output.value).toBeCloseTo(1.3, 1);
});

test.each([
  ["few calls", plant(({ list }) => list * 1.1, { n: 12 }), /12 calls/],
  [
    "calls of one size",
    plant(() => 0.011, { n: 200 }).map((row) => ({ ...row, cost_list_usd: 0.01 })),
    /hardly varies/,
  ],
])("what can't be told apart is refused with what is needed: %s", async (_, rows, message) => {
  const group = await infer(rows);
  expect([group.markup, group.fee_usd]).toEqual([null, null]);
  expect(group.uplift!.value).toBeCloseTo(0.1, 6);
  expect(group.verdict).toMatch(message);
});

test("calls without a list price are counted, and a log without reported costs has no groups", async () => {
  const rows = plant(({ list, random }) => added(list, random)).map((row, i) =>
    i < 5 ? { ...row, cost_list_usd: null } : row,
  );
  expect((await infer(rows)).without_list).toBe(5);
  const engine = await memoryEngine(
    requestLog,
    plant(() => null),
  );
  expect((await inferMarkupTables(engine, book)).groups).toEqual([]);
  engine.close();
});
