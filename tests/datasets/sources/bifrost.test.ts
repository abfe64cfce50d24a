import { describe, expect, test } from "vitest";
import { bifrostSource } from "../../../datasets/sources/bifrost.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const row = {
  id: "req-1",
  parent_request_id: null,
  timestamp: "2026-07-01T09:15:00.123456Z",
  object: "chat.completion",
  provider: "openai",
  model: "gpt-4o-mini",
  alias: "cheap",
  number_of_retries: 1,
  fallback_index: 0,
  selected_key_name: "prod",
  virtual_key_name: "team-a",
  team_name: "core",
  latency: 812.4,
  cost: 0.0000771,
  status: "success",
  stop_reason: "stop",
  stream: true,
  token_usage: {
    prompt_tokens: 214,
    prompt_tokens_details: { cached_read_tokens: 128, cached_write_tokens: 6 },
    completion_tokens: 75,
    completion_tokens_details: { reasoning_tokens: 25 },
    total_tokens: 289,
  },
  input_history: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "hi" },
  ],
  output_message: { role: "assistant", content: "hello" },
  params: { temperature: 0.2, max_completion_tokens: 50 },
  cache_debug: { cache_hit: false },
};

describe("bifrostSource", () => {
  test("maps a log of the API", () => {
    expect(draftOf(bifrostSource, row)).toMatchObject({
      id: "req-1",
      attemptNo: 2,
      logicalId: null,
      tenant: "core",
      apiKey: "team-a",
      endpoint: "chat",
      gateway: "bifrost",
      provider: "openai",
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 0, 123) * 1000 + 456,
      latencyMs: 812.4,
      modelRequested: "cheap",
      modelServed: "gpt-4o-mini",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      usage: {
        inputUncached: 80,
        inputCacheRead: 128,
        inputCacheWrite5m: 6,
        outputText: 50,
        outputReasoning: 25,
      },
      costReportedUsd: 0.0000771,
      isStream: true,
      cacheStatus: "miss",
      temperature: 0.2,
      maxTokens: 50,
    });
  });

  test("reads a table row: JSON columns as text, booleans as 0 and 1", () => {
    const table = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value === null || typeof value === "string"
          ? value
          : typeof value === "object"
            ? JSON.stringify(value)
            : String(Number(value)),
      ]),
    );
    expect(draftOf(bifrostSource, table)).toMatchObject({
      output: "hello",
      usage: { inputUncached: 80, inputCacheRead: 128 },
      usageRaw: row.token_usage,
      isStream: true,
      temperature: 0.2,
    });
  });

  test("links a fallback to the request that it stands in for", () => {
    const failed = {
      ...row,
      id: "req-2",
      number_of_retries: 0,
      status: "error",
      token_usage: null,
      output_message: null,
      cost: null,
      error_details: { status_code: 529, error: { message: "overloaded" } },
    };
    const fallback = {
      ...row,
      id: "req-2-fb",
      parent_request_id: "req-2",
      number_of_retries: 0,
      fallback_index: 1,
    };
    expect(draftsOf(bifrostSource, [failed, fallback])).toMatchObject([
      {
        id: "req-2",
        logicalId: null,
        attemptNo: 1,
        status: "error",
        httpStatus: 529,
        errorClass: "server",
        usage: null,
      },
      { id: "req-2-fb", logicalId: "req-2", attemptNo: 2, status: "ok" },
    ]);
  });

  test("takes a parent without a fallback for a session", () => {
    const grouped = { ...row, parent_request_id: "session-9", number_of_retries: 0 };
    expect(draftOf(bifrostSource, grouped)).toMatchObject({
      sessionId: "session-9",
      logicalId: null,
      attemptNo: 1,
    });
  });

  test("counts by the table's own columns when the usage text is gone", () => {
    const offloaded = {
      ...row,
      token_usage: "",
      prompt_tokens: 214,
      completion_tokens: 75,
      total_tokens: 289,
      cached_read_tokens: 128,
    };
    expect(draftOf(bifrostSource, offloaded).usage).toMatchObject({
      inputUncached: 86,
      inputCacheRead: 128,
      outputText: 75,
    });
  });

  test.each([
    [{ cache_hit: true, hit_type: "direct" }, "hit"],
    [{ cache_hit: true, hit_type: "semantic" }, "semantic_hit"],
    [null, null],
  ])("reads cache_debug %j as %s", (cache_debug, status) => {
    expect(draftOf(bifrostSource, { ...row, cache_debug }).cacheStatus).toBe(status);
  });

  test("reads a Responses call", () => {
    const responses = {
      ...row,
      object: "response",
      input_history: [],
      responses_input_history: [
        { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
      ],
      output_message: null,
      responses_output: [
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "hello" }] },
      ],
    };
    expect(draftOf(bifrostSource, responses)).toMatchObject({
      endpoint: "responses",
      prompt: { messages: [{ role: "user", content: "hi" }] },
      output: "hello",
    });
  });

  test("reads the raw bodies of a passthrough call; the table calls the object object_type", () => {
    const { object: _object, ...rest } = row;
    const passthrough = {
      ...rest,
      object_type: "passthrough",
      input_history: "",
      output_message: "",
      params: "",
      passthrough_request_body: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}',
      passthrough_response_body: '{"choices":[{"message":{"role":"assistant","content":"hello"}}]}',
    };
    expect(draftOf(bifrostSource, passthrough)).toMatchObject({
      endpoint: "passthrough",
      prompt: { messages: [{ content: "hi" }] },
      output: "hello",
    });
    expect(mapRecords(bifrostSource, [{ ...rest, object_type: "image.generation" }])).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("skips unfinished rows and what is no language model call", () => {
    expect(
      mapRecords(bifrostSource, [
        { ...row, status: "processing" },
        { ...row, object: "audio.speech" },
      ]),
    ).toMatchObject([
      { kind: "skipped", reason: "unfinished_record" },
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("unpacks pages and scores nothing else", () => {
    expect(bifrostSource.explode?.({ logs: [row, row], pagination: {} })).toHaveLength(2);
    expect(bifrostSource.score(row)).toBe(1);
    for (const line of [{}, { provider: "openai", model: "m", token_usage: {} }, { logs: [] }, null])
      expect(bifrostSource.score(line)).toBe(0);
  });
});
