import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../datasets/engine/engine.js";
import { readSql } from "../../datasets/engine/sql-file.js";
import { openPriceBook } from "../../datasets/prices/price-book.js";
import { type UnpricedGroup, unpricedRange } from "../../datasets/prices/unpriced-range.js";
import { requestLog } from "../../datasets/request-log.js";
import { memoryEngine } from "../support/memory-engine.js";
import { requestRow } from "../support/request-row.js";

const book = openPriceBook();
const at = Date.UTC(2026, 5, 1) * 1000;
const group = (parts: Partial<UnpricedGroup>): UnpricedGroup => ({
  provider: "openai",
  model: "gpt-9",
  reason: "unknown_model",
  requests: 1,
  requests_without_tokens: 0,
  input_uncached_tokens: 0,
  input_cache_read_tokens: 0,
  input_cache_write_5m_tokens: 0,
  input_cache_write_1h_tokens: 0,
  output_text_tokens: 0,
  output_reasoning_tokens: 0,
  ...parts,
});

describe("unpricedRange", () => {
  test("is the known sum alone when everything has a price", () => {
    expect(unpricedRange([], { usd: 12, tokens: 1000 }, book, at)).toEqual({
      models: [],
      requests: 0,
      tokens: 0,
      share_of_tokens: 0,
      low_usd: 12,
      high_usd: 12,
    });
  });

  test("charges unknown models at the dearest price of their provider", () => {
    const groups = [
      group({ input_uncached_tokens: 1_000_000, requests: 3 }),
      group({ model: "gpt-10", output_text_tokens: 3_000_000 }),
    ];
    const range = unpricedRange(groups, { usd: 12, tokens: 4_000_000 }, book, at);
    const [larger, smaller] = range.models;
    expect(larger).toMatchObject({ model: "gpt-10", tokens: 3_000_000, share_of_tokens: 3 / 8 });
    expect(smaller).toMatchObject({ model: "gpt-9", tokens: 1_000_000, requests: 3 });
    // o1-pro, at 150 and 600 USD per million tokens.
    expect(larger!.high_usd).toBeCloseTo(1800, 6);
    expect(smaller!.high_usd).toBeCloseTo(150, 6);
    expect(smaller!.high_basis).toContain("o1-pro");
    expect(range).toMatchObject({ tokens: 4_000_000, requests: 4, share_of_tokens: 0.5, low_usd: 12 });
    expect(range.high_usd).toBeCloseTo(1962, 6);
  });

  test("takes the dearest prompt size, so that no request can have cost more", () => {
    const groups = [group({ provider: "google", input_uncached_tokens: 1000 })];
    const { high_usd: high } = unpricedRange(groups, { usd: 0, tokens: 0 }, book, at);
    const long = book.price({
      provider: "google",
      model: "gemini-2.5-pro",
      createdAt: at,
      usage: { ...noTokens, inputUncached: 1_000_000 },
    });
    expect(high).toBeGreaterThanOrEqual(long.usd! / 1000);
  });

  test.each([
    [{ provider: null }, "the provider isn't known"],
    [{ provider: "somebody" }, "no list has a price of somebody"],
    [{ requests_without_tokens: 2 }, "2 requests have no token counts"],
  ])("has no upper end with %j", (parts, basis) => {
    const range = unpricedRange(
      [group({ ...parts, input_uncached_tokens: 5 })],
      { usd: 1, tokens: 1 },
      book,
      at,
    );
    expect(range).toMatchObject({
      low_usd: 1,
      high_usd: null,
      models: [{ high_usd: null, high_basis: basis }],
    });
  });
});

const noTokens = {
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

describe("unpriced-groups.sql", () => {
  let engine: Engine;
  beforeAll(async () => {
    const tokens = {
      input_uncached_tokens: 10,
      input_total_tokens: 10,
      output_text_tokens: 2,
      output_total_tokens: 2,
    };
    const unknown = { provider: "openai", model: "gpt-9", price_source: "unknown_model" };
    engine = await memoryEngine(requestLog, [
      requestRow({ request_id: "priced", ...tokens, cost_list_usd: 1 }),
      requestRow({ request_id: "reported", ...unknown, ...tokens, cost_reported_usd: 1 }),
      requestRow({ request_id: "failed", ...unknown, status: "error" }),
      requestRow({ request_id: "a", ...unknown, ...tokens }),
      requestRow({ request_id: "b", ...unknown, ...tokens }),
      requestRow({ request_id: "c", ...unknown, price_source: "no_usage" }),
    ]);
    await engine.run(readSql("pipelines/sql/billed-requests.sql"));
  });
  afterAll(() => engine.close());

  test("gives what was charged and has no price, with its tokens", async () => {
    const rows = await engine.rows<UnpricedGroup>(readSql("datasets/prices/unpriced-groups.sql"));
    expect(rows).toEqual([
      group({ requests: 2, input_uncached_tokens: 20, output_text_tokens: 4 }),
      group({ requests: 1, reason: "no_usage", requests_without_tokens: 1 }),
    ]);
    expect(unpricedRange(rows, { usd: 1, tokens: 12 }, book, at).high_usd).toBeNull();
  });
});
