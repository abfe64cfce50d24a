import { describe, expect, test } from "vitest";
import { portkeySource } from "../../../datasets/sources/portkey.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

const row = {
  id: "a1",
  trace_id: "t-100",
  created_at: "2026-07-01T09:15:00.000Z",
  request: { body: { model: "gpt-4o", messages: [{ role: "user", content: "hi" }], max_tokens: 256 } },
  response: {
    body: {
      model: "gpt-4o-2024-08-06",
      choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 200,
        total_tokens: 1200,
        prompt_tokens_details: { cached_tokens: 400 },
      },
    },
  },
  is_success: 1,
  ai_org: "openai",
  ai_model: "gpt-4o",
  req_units: 1000,
  res_units: 200,
  total_units: 1200,
  cost: 0.4,
  cost_currency: "USD",
  request_url: "https://api.openai.com/v1/chat/completions",
  response_status_code: 200,
  response_time: 834,
  cache_status: "MISS",
  stream_mode: "FALSE",
  retry_success_count: 0,
  mode: "SINGLE",
  virtual_key: "openai-prod",
  "metadata.key": ["_user", "env", "team"],
  "metadata.value": ["u-17", "prod", "core"],
};

describe("portkeySource", () => {
  test("maps a row; the cost is in cents", () => {
    expect(draftOf(portkeySource, row)).toMatchObject({
      id: "a1",
      sessionId: "t-100",
      user: "u-17",
      tenant: "core",
      apiKey: "openai-prod",
      gateway: "portkey",
      provider: "openai",
      endpoint: "chat",
      createdAt: Date.UTC(2026, 6, 1, 9, 15) * 1000,
      latencyMs: 834,
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      prompt: { system: null, messages: [{ role: "user", content: "hi" }] },
      output: "Hello",
      finishReason: "stop",
      usage: { inputUncached: 600, inputCacheRead: 400, outputText: 200 },
      costReportedUsd: 0.004,
      status: "ok",
      httpStatus: 200,
      isStream: false,
      cacheStatus: "miss",
      attemptNo: null,
      maxTokens: 256,
    });
  });

  test("reads a CSV row: texts under dotted names, bodies as JSON text", () => {
    const csv = {
      id: "a1",
      created_at: "2026-07-01 09:15:00",
      "request.body": JSON.stringify(row.request.body),
      "response.body": JSON.stringify(row.response.body),
      is_success: "1",
      ai_org: "openai",
      ai_model: "gpt-4o",
      req_units: "1000",
      res_units: "200",
      total_units: "1200",
      cost: "0.4",
      cost_currency: null,
      response_status_code: "200",
      response_time: "834",
      cache_status: "SEMANTIC HIT",
      stream_mode: "TRUE",
      retry_success_count: "2",
      "metadata.key": '["_user"]',
      "metadata.value": '["u-17"]',
    };
    expect(draftOf(portkeySource, csv)).toMatchObject({
      user: "u-17",
      createdAt: Date.UTC(2026, 6, 1, 9, 15) * 1000,
      latencyMs: 834,
      output: "Hello",
      usage: { inputUncached: 600, inputCacheRead: 400, outputText: 200 },
      costReportedUsd: 0.004,
      isStream: true,
      cacheStatus: "semantic_hit",
      attemptNo: 3,
      httpStatus: 200,
    });
  });

  test("counts by the units where the export has no bodies", () => {
    const { request: _request, response: _response, ...rest } = row;
    expect(draftOf(portkeySource, rest)).toMatchObject({
      modelRequested: "gpt-4o",
      prompt: null,
      promptState: "none",
      usage: { inputUncached: 1000, outputText: 200 },
      usageRaw: { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 },
    });
  });

  test("takes the cache out of Anthropic counts that Portkey wrote in OpenAI's shape, by their total", () => {
    const usage = {
      prompt_tokens: 50,
      completion_tokens: 10,
      total_tokens: 1160,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 100,
    };
    const record = {
      ...row,
      ai_org: "anthropic",
      ai_model: "claude-sonnet-4-5",
      response: { body: { usage } },
    };
    expect(draftOf(portkeySource, record).usage).toMatchObject({
      inputUncached: 50,
      inputCacheRead: 1000,
      inputCacheWrite5m: 100,
      outputText: 10,
    });
  });

  test.each([
    ["another currency", { cost: 0.4, cost_currency: "EUR" }, null],
    ["more than any model costs", { cost: 40_000 }, null],
    ["a zero for a model without a price", { cost: 0 }, null],
    ["a zero for an answer from the cache", { cost: 0, cache_status: "HIT" }, 0],
  ])("reports no cost in USD for %s", (_, change, usd) => {
    expect(draftOf(portkeySource, { ...row, ...change }).costReportedUsd).toBe(usd);
  });

  test("keeps a failed call as an error row without tokens", () => {
    const failed = {
      ...row,
      response: { body: { error: { message: "Rate limit reached", type: "requests" } } },
      is_success: 0,
      response_status_code: 429,
      req_units: 0,
      res_units: 0,
      total_units: 0,
      cost: 0,
    };
    expect(draftOf(portkeySource, failed)).toMatchObject({
      status: "error",
      httpStatus: 429,
      errorClass: "rate_limit",
      usage: null,
      usageRaw: null,
    });
  });

  test("unpacks pages and skips what is no language model call", () => {
    expect(portkeySource.explode?.({ object: "list", total: 2, data: [row, row] })).toHaveLength(2);
    const image = { ...row, request_url: "https://api.openai.com/v1/images/generations" };
    expect(mapRecords(portkeySource, [image])).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("scores nothing else", () => {
    expect(portkeySource.score(row)).toBe(1);
    for (const line of [{}, { model: "m", cost: 1 }, { data: [] }, null, 3])
      expect(portkeySource.score(line)).toBe(0);
  });
});
