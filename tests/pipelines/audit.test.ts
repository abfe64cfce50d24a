import { expect, test } from "vitest";
import { type QuarantineRow, quarantine } from "../../datasets/quarantine.js";
import { type RequestRow, requestLog } from "../../datasets/request-log.js";
import type { AuditResult } from "../../datasets/results.js";
import { createTableSql } from "../../datasets/table.js";
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

async function auditOf(
  rows: readonly RequestRow[],
  rejected: readonly QuarantineRow[] = [],
): Promise<AuditResult> {
  const engine = await memoryEngine(requestLog, rows);
  try {
    await engine.run(createTableSql(quarantine));
    await engine.append(quarantine.name, quarantine, rejected);
    return await auditTables(engine);
  } finally {
    engine.close();
  }
}

test("an unknown price is counted beside the total, never inside it as zero", async () => {
  const result = await auditOf(log);
  expect(result.billed).toEqual({ usd: 0.875, priced_requests: 4, unpriced_requests: 1 });
  expect(result.list).toEqual({ usd: 0.775, priced_requests: 3, unpriced_requests: 1 });
  expect(result.by_model).toEqual([
    expect.objectContaining({ key: "gpt-4o", requests: 4, errors: 1, usd: 0.875, unpriced_requests: 0 }),
    expect.objectContaining({ key: "mystery-1", requests: 1, usd: 0, unpriced_requests: 1 }),
  ]);
});

test("a failed attempt without tokens is not unpriced, and its retry belongs to one logical request", async () => {
  const result = await auditOf(log);
  expect(result.requests).toBe(5);
  expect(result.logical_requests).toBe(4);
  expect(result.usd_per_successful_request).toBeCloseTo(0.875 / 4, 12);
  expect(result.errors).toEqual([{ error_class: "rate_limit", requests: 1, usd: 0 }]);
});

test("waste names superseded attempts, not the retries that answered, exact repeats and answers that were cut off", async () => {
  const { waste, latency, by_day } = await auditOf(log);
  expect(Object.fromEntries(waste.map((row) => [row.kind, [row.requests, row.usd]]))).toEqual({
    "failed attempts": [1, 0],
    "superseded attempts": [1, 0],
    "exact repeats": [1, 0.25],
    "cut off by the output cap": [1, 0.125],
  });
  expect(latency).toEqual([{ model: "gpt-4o", p50_ms: 200, p95_ms: 290, n: 2 }]);
  expect(by_day.map((row) => row.day)).toEqual(["2026-01-05", "2026-01-05", "2026-01-06"]);
});

test("an empty log is audited without a failure", async () => {
  const result = await auditOf([]);
  expect(result.requests).toBe(0);
  expect(result.usd_per_successful_request).toBeNull();
  for (const money of [result.billed, result.list, result.reported])
    expect(money).toEqual({ usd: 0, priced_requests: 0, unpriced_requests: 0 });
  expect(result.by_model).toEqual([]);
  expect(result.attempts).toEqual({
    retried_requests: 0,
    retries: 0,
    fallbacks: 0,
    recovered_requests: 0,
    usd_superseded: 0,
  });
});

test("a retry is the same model again, a fallback another one; what they superseded was paid for nothing", async () => {
  const attempt = (id: string, attemptNo: number, logicalId: string, fields: Partial<RequestRow> = {}) =>
    requestRow({ request_id: id, attempt_no: attemptNo, logical_id: logicalId, ...fields });
  const { attempts, waste } = await auditOf([
    attempt("a1", 1, "a", { status: "error", cost_reported_usd: 0.25 }),
    attempt("a2", 2, "a", { status: "error", cost_reported_usd: 0.5 }),
    attempt("a3", 3, "a", { model: "claude-sonnet-4-5", cost_reported_usd: 1 }),
    attempt("b1", 1, "b", { status: "error" }),
    attempt("b2", 2, "b", { status: "error", cost_reported_usd: 4 }),
    attempt("c1", 1, "c", { cost_reported_usd: 8 }),
  ]);
  expect(attempts).toEqual({
    retried_requests: 2,
    retries: 2,
    fallbacks: 1,
    recovered_requests: 1,
    usd_superseded: 0.75,
  });
  expect(waste.find(({ kind }) => kind === "superseded attempts")).toMatchObject({ requests: 3, usd: 0.75 });
});

test("prompts are shown by size, and the prompt cache by model", async () => {
  const tokens = (id: string, input: number, read: number, usd: number) =>
    requestRow({
      request_id: id,
      input_total_tokens: input,
      input_cache_read_tokens: read,
      input_cache_write_5m_tokens: 0,
      input_cache_write_1h_tokens: 0,
      cost_list_usd: usd,
    });
  const result = await auditOf([
    tokens("a", 999, 0, 0.5),
    tokens("b", 1_000, 250, 1),
    tokens("c", 7_999, 0, 2),
    tokens("d", 200_000, 0, 4),
    requestRow({ request_id: "e", model: "no-cache-1", input_total_tokens: 5 }),
  ]);
  expect(result.input_sizes).toEqual([
    { from_tokens: 0, requests: 2, input_tokens: 1_004, usd: 0.5 },
    { from_tokens: 1_000, requests: 2, input_tokens: 8_999, usd: 3 },
    { from_tokens: 200_000, requests: 1, input_tokens: 200_000, usd: 4 },
  ]);
  expect(result.prompt_cache).toEqual([
    {
      model: "gpt-4o",
      requests: 4,
      requests_with_reads: 1,
      input_tokens: 209_998,
      read_tokens: 250,
      write_5m_tokens: 0,
      write_1h_tokens: 0,
    },
  ]);
});

test("calls that could wait and prompts far above the usual size are named", async () => {
  const usual = Array.from({ length: 20 }, (_, i) =>
    requestRow({
      request_id: `u${i}`,
      provider: "openai",
      is_stream: false,
      history_turns: 0,
      input_total_tokens: 500,
      cost_list_usd: 0.5,
    }),
  );
  const { waste } = await auditOf([
    ...usual,
    requestRow({ request_id: "big", is_stream: true, input_total_tokens: 4_001, cost_list_usd: 3 }),
    requestRow({ request_id: "small", is_stream: true, input_total_tokens: 3_999, cost_list_usd: 3 }),
    requestRow({
      request_id: "batch",
      provider: "openai",
      is_stream: false,
      is_batch: true,
      history_turns: 0,
    }),
    requestRow({ request_id: "local", provider: "ollama", is_stream: false, history_turns: 0 }),
  ]);
  expect(waste.map(({ kind, requests, usd, evidence }) => [kind, requests, usd, evidence])).toEqual([
    ["batchable at half price", 20, 5, "modelled"],
    ["oversize prompts", 1, 3, "measured"],
  ]);
});

test("records that were logged again are counted by reason", async () => {
  const record = (reason: string, disposition: string): QuarantineRow => ({
    source_file: "a.jsonl",
    source_line: 1,
    source: "litellm",
    disposition,
    reason,
    detail: null,
    raw: null,
  });
  const { duplicates } = await auditOf(log, [
    record("re_export", "duplicate"),
    record("re_export", "duplicate"),
    record("duplicate_id", "duplicate"),
    record("json_syntax", "quarantined"),
  ]);
  expect(duplicates).toEqual([
    { reason: "re_export", source: "litellm", records: 2 },
    { reason: "duplicate_id", source: "litellm", records: 1 },
  ]);
});
