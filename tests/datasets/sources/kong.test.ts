import { describe, expect, test } from "vitest";
import { kongSource } from "../../../datasets/sources/kong.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const http = {
  workspace_name: "default",
  upstream_uri: "/v1/chat/completions",
  upstream_status: 200,
  started_at: 1787113201719,
  request: { id: "9ec9", uri: "/chat?x=1", method: "POST" },
  response: { status: 200, size: 812 },
  latencies: { request: 1450, kong: 12, proxy: 1438 },
  consumer: { username: "billing-bot" },
  authenticated_entity: { id: "cred-7" },
};
const log = {
  ...http,
  ai: {
    proxy: {
      tried_targets: [
        { provider: "azure", model: "gpt-4o" },
        { provider: "openai", model: "gpt-4o" },
      ],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 200,
        total_tokens: 1200,
        prompt_tokens_details: { cached_tokens: 400 },
        time_to_first_token: 410,
        cost: 0.00447,
      },
      meta: {
        request_model: "gpt-4o",
        response_model: "gpt-4o-2024-08-06",
        provider_name: "openai",
        llm_latency: 1390,
        request_mode: "stream",
      },
      payload: {
        request: '{"messages":[{"role":"user","content":"hi"}],"temperature":0.1}',
        response: '{"choices":[{"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}',
      },
    },
  },
};

describe("kongSource", () => {
  test("maps a proxied call; every target that was tried is an attempt", () => {
    expect(draftOf(kongSource, log)).toMatchObject({
      id: "9ec9",
      attemptNo: 2,
      app: "billing-bot",
      apiKey: "cred-7",
      tenant: "default",
      endpoint: "chat",
      gateway: "kong",
      provider: "openai",
      createdAt: 1787113201719000,
      latencyMs: 1450,
      ttftMs: 410,
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      prompt: { messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      usage: { inputUncached: 600, inputCacheRead: 400, outputText: 200 },
      costReportedUsd: 0.00447,
      httpStatus: 200,
      isStream: true,
      temperature: 0.1,
    });
  });

  test("reads the older form: one object per plugin, counts in the singular, the request's payload beside them", () => {
    const older = {
      ...http,
      ai: {
        payload: { request: '{"messages":[{"role":"user","content":"hi"}]}' },
        "ai-request-transformer": {
          usage: { prompt_token: 28, completion_token: 20, total_tokens: 48, cost: 0.0001 },
          meta: { request_model: "command", response_model: "command", provider_name: "cohere" },
        },
        "ai-proxy": {
          payload: { response: '{"choices":[{"message":{"role":"assistant","content":"hello"}}]}' },
          usage: { prompt_token: 89, completion_token: 56, total_tokens: 145, cost: 0.0012 },
          meta: { request_model: "gpt-35-turbo", response_model: "gpt-35-turbo", provider_name: "azure" },
        },
      },
    };
    expect(draftOf(kongSource, older)).toMatchObject({
      provider: "azure",
      modelServed: "gpt-35-turbo",
      prompt: { messages: [{ content: "hi" }] },
      output: "hello",
      usage: { inputUncached: 89, outputText: 56 },
      otherUsage: [{ model: "command", usage: { inputUncached: 28, outputText: 20 } }],
      costReportedUsd: 0.0012,
    });
  });

  test("reads the judge inside the proxy's object: its points, and what it used", () => {
    const proxy = {
      ...log.ai.proxy,
      "ai-llm-as-judge": {
        meta: { request_model: "gpt-4o", response_model: "gpt-4o-mini", provider_name: "openai" },
        usage: { prompt_tokens: 30, completion_tokens: 2, total_tokens: 32, llm_accuracy: 85 },
      },
    };
    expect(draftOf(kongSource, { ...log, ai: { proxy } })).toMatchObject({
      feedbackScore: 0.85,
      usage: { inputUncached: 600 },
      otherUsage: [{ model: "gpt-4o-mini", usage: { inputUncached: 30, outputText: 2 } }],
    });
  });

  test.each([
    [{ cache_status: "Hit", fetch_latency: 21 }, "hit"],
    [{ cache_status: "Hit", embeddings_model: "text-embedding-3-small" }, "semantic_hit"],
    [{ cache_status: "Miss" }, "miss"],
    [{ cache_status: "Bypass" }, null],
  ])("reads the cache %j as %s", (cache, status) => {
    expect(
      draftOf(kongSource, { ...log, ai: { ...log.ai, "ai-semantic-cache": { cache } } }).cacheStatus,
    ).toBe(status);
  });

  test("has no cost where Kong had no price: it writes 0", () => {
    const proxy = { ...log.ai.proxy, usage: { ...log.ai.proxy.usage, cost: 0 } };
    expect(draftOf(kongSource, { ...log, ai: { proxy } }).costReportedUsd).toBeNull();
  });

  test("keeps a refused call as an error row", () => {
    const proxy = {
      meta: log.ai.proxy.meta,
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    };
    expect(draftOf(kongSource, { ...log, response: { status: 429 }, ai: { proxy } })).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
      usage: null,
    });
  });

  test("unwraps what a log shipper wrapped", () => {
    expect(kongSource.score({ message: JSON.stringify(log) })).toBe(1);
    expect(draftOf(kongSource, { message: JSON.stringify(log) }).id).toBe("9ec9");
  });

  test("unpacks batches and skips requests to other services", () => {
    expect(draftsOf(kongSource, [[log, log]])).toHaveLength(2);
    expect(kongSource.score(http)).toBe(0.6);
    expect(mapRecords(kongSource, [http])).toMatchObject([{ kind: "skipped", reason: "not_an_llm_call" }]);
  });

  test("scores nothing else", () => {
    for (const line of [{}, [], { ai: {} }, { ai: { proxy: {} } }, { started_at: 1 }, null])
      expect(kongSource.score(line)).toBe(0);
  });
});
