import { describe, expect, test } from "vitest";
import { heliconeSource } from "../../../datasets/sources/helicone.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

const request = {
  request_id: "r-1",
  request_created_at: "2026-07-01T09:15:00.120+00:00",
  request_path: "https://oai.helicone.ai/v1/chat/completions",
  request_user_id: "u-17",
  request_properties: { "Helicone-Session-Id": "s-1", feature: "triage" },
  request_model: "gpt-4o",
  request_body: { model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], temperature: 0.2 },
  response_id: "p-1",
  response_created_at: "2026-07-01T09:15:02.341+00:00",
  response_status: 200,
  response_model: "gpt-4o-2024-08-06",
  response_body: {
    choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 812, completion_tokens: 64, total_tokens: 876 },
  },
  model_override: null,
  provider: "OPENAI",
  delay_ms: 2221,
  time_to_first_token: 300,
  prompt_tokens: 812,
  completion_tokens: 64,
  prompt_cache_read_tokens: 512,
  prompt_cache_write_tokens: 0,
  costUSD: 0.00203,
  scores: { "helicone-score-feedback": 1 },
};

describe("heliconeSource", () => {
  test("maps a request; the row knows of the cache where the body is silent", () => {
    expect(draftOf(heliconeSource, request)).toMatchObject({
      id: "r-1",
      sessionId: "s-1",
      user: "u-17",
      app: "triage",
      endpoint: "chat",
      gateway: "helicone",
      provider: "openai",
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 0, 120) * 1000,
      latencyMs: 2221,
      ttftMs: 300,
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      output: "Hello",
      usage: { inputUncached: 300, inputCacheRead: 512, outputText: 64 },
      costReportedUsd: 0.00203,
      feedbackScore: 1,
      temperature: 0.2,
    });
  });

  test("adds the cache on top of the row's prompt count, which leaves it out", () => {
    const { response_body: _body, ...rest } = request;
    expect(draftOf(heliconeSource, { ...rest, prompt_tokens: 300 }).usage).toMatchObject({
      inputUncached: 300,
      inputCacheRead: 512,
      outputText: 64,
    });
  });

  test("adds Anthropic's cache on top of its input", () => {
    const record = {
      ...request,
      provider: "ANTHROPIC",
      response_body: null,
      prompt_tokens: 812,
      prompt_cache_read_tokens: 512,
      prompt_cache_write_tokens: 100,
    };
    expect(draftOf(heliconeSource, record).usage).toMatchObject({
      inputUncached: 812,
      inputCacheRead: 512,
      inputCacheWrite5m: 100,
    });
  });

  test("reads a CSV row; its latency comes from the two times", () => {
    const csv = {
      response_id: "p-1",
      response_created_at: "2026-07-01 09:15:02.341",
      response_status: "200",
      request_created_at: "2026-07-01 09:15:00.120",
      request_body: JSON.stringify(request.request_body),
      request_properties: '{"feature":"triage"}',
      request_user_id: null,
      model: "gpt-4o",
      prompt_tokens: "812",
      completion_tokens: "64",
      latency: "2.221",
      cost: "0.00267",
    };
    expect(draftOf(heliconeSource, csv)).toMatchObject({
      id: null,
      app: "triage",
      latencyMs: 2221,
      modelServed: "gpt-4o",
      usage: { inputUncached: 812, outputText: 64 },
      costReportedUsd: 0.00267,
    });
  });

  test.each([
    ["a whole number that is no price even in billionths", { costUSD: undefined, cost: 2 }],
    ["a missing cost", { costUSD: null }],
    ["a zero for an unknown model", { costUSD: 0 }],
  ])("reports no cost for %s", (_, change) => {
    expect(draftOf(heliconeSource, { ...request, ...change }).costReportedUsd).toBeNull();
  });

  test("reads the ClickHouse table's cost in billionths of a dollar", () => {
    const table = { ...request, costUSD: undefined, cost: 2_030_000 };
    expect(draftOf(heliconeSource, table).costReportedUsd).toBe(0.00203);
  });

  test.each([
    [-3, { status: "cancelled", errorClass: null, httpStatus: null }],
    [-1, { status: "error", errorClass: "timeout", httpStatus: null }],
    [-4, { status: "error", errorClass: "content_filter", httpStatus: null }],
    [401, { status: "error", errorClass: "auth", httpStatus: 401 }],
  ])("reads response_status %d", (response_status, outcome) => {
    const failed = {
      ...request,
      response_status,
      response_body: {},
      prompt_tokens: null,
      completion_tokens: null,
      prompt_cache_read_tokens: null,
      prompt_cache_write_tokens: null,
      costUSD: null,
    };
    expect(draftOf(heliconeSource, failed)).toMatchObject({ ...outcome, usage: null });
  });

  test("skips a request that was pending at export", () => {
    expect(mapRecords(heliconeSource, [{ ...request, response_status: -2 }])).toMatchObject([
      { kind: "skipped", reason: "unfinished_record" },
    ]);
  });

  test("skips a request without a response", () => {
    const lost = {
      ...request,
      response_id: null,
      response_status: null,
      response_body: null,
      prompt_tokens: null,
      completion_tokens: null,
      prompt_cache_read_tokens: null,
      prompt_cache_write_tokens: null,
    };
    expect(mapRecords(heliconeSource, [lost])).toMatchObject([
      { kind: "skipped", reason: "unfinished_record" },
    ]);
  });

  test("does not take the note about a body in storage for a prompt", () => {
    const note = { helicone_message: "fetching body from signed_url... contact support" };
    expect(
      draftOf(heliconeSource, { ...request, request_body: note, response_body: JSON.stringify(note) }),
    ).toMatchObject({
      prompt: null,
      promptState: "none",
      output: null,
      usage: { inputUncached: 812, inputCacheRead: 512, outputText: 64 },
    });
  });

  test("knows an answer from the cache by the request that it repeats", () => {
    const none = "00000000-0000-0000-0000-000000000000";
    const cached = { ...request, cache_reference_id: "r-0", costUSD: 0 };
    expect(draftOf(heliconeSource, cached)).toMatchObject({ cacheStatus: "hit", costReportedUsd: 0 });
    expect(draftOf(heliconeSource, { ...request, cache_reference_id: none }).cacheStatus).toBeNull();
  });

  test("unpacks the API's pages and scores nothing else", () => {
    expect(heliconeSource.explode?.({ data: [request, request], error: null })).toHaveLength(2);
    expect(heliconeSource.score({ data: [request] })).toBe(1);
    for (const line of [{}, { request_id: "x", created_at: 1 }, { data: [{}] }, null])
      expect(heliconeSource.score(line)).toBe(0);
  });
});
