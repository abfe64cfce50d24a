import { expect, test } from "vitest";
import { requestLog } from "../../datasets/request-log.js";
import { auditTables } from "../../pipelines/audit/audit.js";
import { memoryEngine } from "../support/memory-engine.js";
import { requestRow } from "../support/request-row.js";

const day = 86_400_000_000;
const start = Date.UTC(2026, 0, 5, 12) * 1000;

const log = [
  requestRow({
    request_id: "a",
    cost_reported_usd: 0.5,
    cost_list_usd: 0.4,
    prompt_hash: "p",
    latency_ms: 100,
  }),
  requestRow({
    request_id: "b",
    cost_list_usd: 0.25,
    price_source: "genai-prices",
    prompt_hash: "p",
    created_at: start + day,
    latency_ms: 300,
  }),
  requestRow({
    request_id: "c",
    model: "mystery-1",
    input_total_tokens: 900,
    output_total_tokens: 10,
    price_source: "unknown_model",
  }),
  requestRow({ request_id: "d", status: "error", error_class: "rate_limit", logical_id: "e" }),
  requestRow({
    request_id: "e",
    attempt_no: 2,
    logical_id: "e",
    cost_list_usd: 0.125,
    price_source: "genai-prices",
    finish_reason: "length",
  }),
];

test("an unknown price is counted beside the total, never inside it as zero", async () => {
  const engine = await memoryEngine(requestLog, log);
  const result = await auditTables(engine);
  engine.close();
  expect(result.billed).toEqual({ usd: 0.875, priced_requests: 4, unpriced_requests: 1 });
  expect(result.list).toEqual({ usd: 0.775, priced_requests: 3, unpriced_requests: 1 });
  expect(result.by_model).toEqual([
    expect.objectContaining({ key: "gpt-4o", requests: 4, errors: 1, usd: 0.875, unpriced_requests: 0 }),
    expect.objectContaining({ key: "mystery-1", requests: 1, usd: 0, unpriced_requests: 1 }),
  ]);
});

test("a failed attempt without tokens is not unpriced, and its retry belongs to one logical request", async () => {
  const engine = await memoryEngine(requestLog, log);
  const result = await auditTables(engine);
  engine.close();
  expect(result.requests).toBe(5);
  expect(result.logical_requests).toBe(4);
  expect(result.usd_per_successful_request).toBeCloseTo(0.875 / 4, 12);
  expect(result.errors).toEqual([{ error_class: "rate_limit", requests: 1 }]);
});

test("waste names retries, exact repeats and answers that were cut off", async () => {
  const engine = await memoryEngine(requestLog, log);
  const { waste, latency, by_day } = await auditTables(engine);
  engine.close();
  expect(Object.fromEntries(waste.map((row) => [row.kind, [row.requests, row.usd]]))).toEqual({
    "failed attempts": [1, 0],
    retries: [1, 0.125],
    "exact repeats": [1, 0.25],
    "cut off by the output cap": [1, 0.125],
  });
  expect(latency).toEqual([{ model: "gpt-4o", p50_ms: 200, p95_ms: 290, n: 2 }]);
  expect(by_day.map((row) => row.day)).toEqual(["2026-01-05", "2026-01-05", "2026-01-06"]);
});

test("an empty log is audited without a failure", async () => {
  const engine = await memoryEngine(requestLog, []);
  const result = await auditTables(engine);
  engine.close();
  expect(result.requests).toBe(0);
  expect(result.usd_per_successful_request).toBeNull();
  for (const money of [result.billed, result.list, result.reported])
    expect(money).toEqual({ usd: 0, priced_requests: 0, unpriced_requests: 0 });
  expect(result.by_model).toEqual([]);
});
