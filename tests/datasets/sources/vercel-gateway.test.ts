import { describe, expect, test } from "vitest";
import { vercelGatewaySource } from "../../../datasets/sources/vercel-gateway.js";
import { draftOf, draftsOf } from "../../support/map-records.js";

const generationId = "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const log = {
  generationId,
  timestamp: "2026-07-01T09:15:00.120Z",
  httpStatus: 200,
  aiModel: "anthropic/claude-sonnet-4.5",
  aiProvider: "bedrock",
  projectId: "prj_1",
  environment: "production",
  aiRequestDurationMs: 2400,
  timeToFirstTokenMs: 410,
  inputTokens: 1000,
  cachedInputTokens: 400,
  cacheCreationInputTokens: 100,
  outputTokens: 200,
  reasoningTokens: 50,
  cost: 0.005,
  zdrCost: 0.0001,
  costCurrency: "USD",
};

describe("vercelGatewaySource", () => {
  test("maps a row of the API; surcharges come on top of the cost", () => {
    expect(draftOf(vercelGatewaySource, log)).toMatchObject({
      id: generationId,
      app: "prj_1",
      gateway: "vercel",
      provider: "aws",
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 0, 120) * 1000,
      latencyMs: 2400,
      ttftMs: 410,
      modelServed: "anthropic/claude-sonnet-4.5",
      usage: {
        inputUncached: 500,
        inputCacheRead: 400,
        inputCacheWrite5m: 100,
        outputText: 150,
        outputReasoning: 50,
      },
      costReportedUsd: 0.0051,
      status: "ok",
      httpStatus: 200,
    });
  });

  test("counts surcharges once where the cost still held them", () => {
    const early = { ...log, timestamp: "2026-05-16T00:59:59Z" };
    expect(draftOf(vercelGatewaySource, early).costReportedUsd).toBe(0.005);
  });

  test("reads what the command line prints, and pages", () => {
    const printed = {
      generationId,
      timestamp: "2026-07-01T09:15:00.120Z",
      status: 429,
      model: "openai/gpt-4o",
      provider: "openai",
      durationMs: 30,
      timeToFirstTokenMs: null,
      cost: { total: 0, inference: 0, currency: "USD" },
      tokens: { input: 0, cachedInput: 0, cacheCreationInput: 0, output: 0, reasoning: 0, total: 0 },
    };
    expect(draftsOf(vercelGatewaySource, [{ logs: [printed] }])).toMatchObject([
      {
        modelServed: "openai/gpt-4o",
        status: "error",
        errorClass: "rate_limit",
        httpStatus: 429,
        usage: null,
      },
    ]);
    expect(vercelGatewaySource.explode?.({ data: [log, log], pageInfo: {} })).toHaveLength(2);
  });

  test("reads CSV with headings for people", () => {
    const csv = {
      "Generation ID": generationId,
      Time: "2026-07-01T09:15:00.120Z",
      Model: "openai/gpt-4o",
      Provider: "openai",
      Status: "200",
      "Input Tokens": "1,000",
      "Cached Input Tokens": "400",
      "Output Tokens": "200",
      Cost: "$0.0045",
      Duration: "2.4s",
      TTFT: "410 ms",
    };
    expect(draftOf(vercelGatewaySource, csv)).toMatchObject({
      id: generationId,
      latencyMs: 2400,
      ttftMs: 410,
      usage: { inputUncached: 600, inputCacheRead: 400, outputText: 200 },
      costReportedUsd: 0.0045,
      httpStatus: 200,
    });
  });

  test("reads the look-up of one generation, whose latency is the time to the first token", () => {
    const generation = {
      data: {
        id: generationId,
        total_cost: 0.00123,
        upstream_inference_cost: 0,
        usage: 0.00123,
        created_at: "2026-05-22T00:00:00.000Z",
        model: "gpt-4o",
        is_byok: false,
        provider_name: "openai",
        streamed: true,
        finish_reason: "stop",
        latency: 200,
        generation_time: 1500,
        tokens_prompt: 100,
        tokens_completion: 50,
        native_tokens_prompt: 100,
        native_tokens_completion: 50,
        native_tokens_reasoning: 0,
        native_tokens_cached: 0,
        native_tokens_cache_creation: 0,
      },
    };
    expect(draftOf(vercelGatewaySource, generation)).toMatchObject({
      id: generationId,
      latencyMs: 1500,
      ttftMs: 200,
      usage: { inputUncached: 100, outputText: 50 },
      costReportedUsd: 0.00123,
      finishReason: "stop",
      isStream: true,
    });
  });

  test("has no cost in USD for another currency, and none for a key of the user's own", () => {
    expect(draftOf(vercelGatewaySource, { ...log, costCurrency: "EUR" }).costReportedUsd).toBeNull();
    expect(draftOf(vercelGatewaySource, { ...log, cost: 0, zdrCost: 0 }).costReportedUsd).toBeNull();
  });

  test("scores nothing else, OpenRouter's generations among it", () => {
    expect(vercelGatewaySource.score(log)).toBe(1);
    for (const line of [
      {},
      { data: { id: "gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG", model: "m" } },
      { id: "gen_x", model: "m" },
      null,
    ])
      expect(vercelGatewaySource.score(line)).toBe(0);
  });
});
