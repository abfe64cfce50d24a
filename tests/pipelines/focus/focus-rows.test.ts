import { expect, test } from "vitest";
import { type FocusRow, focusColumns } from "../../../datasets/focus-row.js";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import { focusTables } from "../../../pipelines/focus/focus-rows.js";
import { focusCsv } from "../../../reports/formats/focus-csv.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { requestRow } from "../../support/request-row.js";

const tokens = {
  provider: "openai",
  input_uncached_tokens: 1_000_000,
  input_cache_read_tokens: 0,
  input_cache_write_5m_tokens: 0,
  input_cache_write_1h_tokens: 0,
  input_total_tokens: 1_000_000,
  output_text_tokens: 1_000_000,
  output_reasoning_tokens: 0,
  output_total_tokens: 1_000_000,
};

test("a call's bill is split over its token types by their list charges", async () => {
  // gpt-4o: $2.50 in and $10.00 out per million tokens
  const rows = await focus([
    requestRow({ request_id: "a", ...tokens, cost_list_usd: 12.5, cost_reported_usd: 25, api_key: "team-a" }),
  ]);
  expect(
    rows.map(({ SkuMeter, BilledCost, ListCost, ConsumedQuantity, SubAccountId }) => [
      SkuMeter,
      BilledCost,
      ListCost,
      ConsumedQuantity,
      SubAccountId,
    ]),
  ).toEqual([
    ["Input tokens", 5, 2.5, 1_000_000, "team-a"],
    ["Output tokens", 20, 10, 1_000_000, "team-a"],
  ]);
  expect(rows[0]).toMatchObject({
    ChargePeriodStart: "2026-01-05T00:00:00Z",
    ChargePeriodEnd: "2026-01-06T00:00:00Z",
    BillingPeriodStart: "2026-01-01T00:00:00Z",
    BillingPeriodEnd: "2026-02-01T00:00:00Z",
    ListUnitPrice: 2.5e-6,
    SkuId: "openai/gpt-4o/input_uncached",
    ServiceCategory: "AI and Machine Learning",
  });
});

test("rows add up to the bill, whatever is known of it", async () => {
  const log = [
    requestRow({ request_id: "a", ...tokens, cost_list_usd: 12.5 }),
    requestRow({ request_id: "b", ...tokens, cost_list_usd: 12.5, cost_reported_usd: 7 }),
    requestRow({ request_id: "c", ...tokens, model: "mystery-1", cost_reported_usd: 3 }),
    requestRow({ request_id: "d", ...tokens, model: "mystery-1" }),
    requestRow({ request_id: "e", cost_reported_usd: 0.25 }),
    requestRow({
      request_id: "f",
      ...tokens,
      cost_list_usd: 12.5,
      created_at: Date.UTC(2025, 11, 31, 23, 59) * 1000,
    }),
  ];
  const rows = await focus(log);
  const billed = rows.reduce((sum, { BilledCost }) => sum + (BilledCost ?? 0), 0);
  expect(billed).toBeCloseTo(12.5 + 7 + 3 + 0.25 + 12.5, 9);
  expect(rows.filter(({ SkuId }) => SkuId === "openai/mystery-1/all")).toMatchObject([
    { BilledCost: 3, ListCost: null, ConsumedQuantity: 2_000_000, PricingCategory: null },
  ]);
  const unpriced = rows.filter(({ BilledCost }) => BilledCost === null);
  expect(unpriced.map(({ SkuMeter, ConsumedQuantity }) => [SkuMeter, ConsumedQuantity])).toEqual([
    ["Input tokens", 1_000_000],
    ["Output tokens", 1_000_000],
  ]);
  expect(rows[0]!.BillingPeriodEnd).toBe("2026-01-01T00:00:00Z");
});

test("a failed call that nobody charged is no usage", async () => {
  expect(await focus([requestRow({ request_id: "a", status: "error", error_class: "rate_limit" })])).toEqual(
    [],
  );
});

test("the CSV has every column, an empty field for null, and no formula", async () => {
  const [row] = await focus([
    requestRow({ request_id: "a", ...tokens, model: "mystery-1", api_key: "=cmd()" }),
  ]);
  const [header, first] = focusCsv([row!]).split("\n");
  expect(header!.split(",")).toEqual(focusColumns);
  expect(Object.keys(row!).sort()).toEqual([...focusColumns].sort());
  expect(first).toMatch(/^,,USD,2026-01-01T00:00:00Z/);
  expect(first).toContain(",'=cmd(),");
});

async function focus(rows: readonly RequestRow[]): Promise<FocusRow[]> {
  const engine = await memoryEngine(requestLog, rows);
  try {
    return await focusTables(engine);
  } finally {
    engine.close();
  }
}
