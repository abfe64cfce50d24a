import { describe, expect, test } from "vitest";
import { envoySource } from "../../../datasets/sources/envoy.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

const line = {
  ":authority": "gateway.internal",
  bytes_received: 105,
  bytes_sent: 432,
  duration: 1526,
  "gen_ai.provider.name": "default/openai/route/chat/rule/0/ref/0",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
  "gen_ai.usage.input_tokens": 15,
  "gen_ai.usage.output_tokens": 7,
  "gen_ai.usage.total_tokens": 22,
  response_code: 200,
  response_flags: "-",
  start_time: "2025-08-30T16:51:37.894Z",
  "x-envoy-origin-path": "/v1/chat/completions",
  "x-request-id": "83b6",
};

describe("envoySource", () => {
  test("maps a line; the provider's name is the path of a backend, so no provider", () => {
    expect(draftOf(envoySource, line)).toMatchObject({
      id: "83b6",
      endpoint: "chat",
      gateway: "envoy",
      provider: null,
      createdAt: Date.UTC(2025, 7, 30, 16, 51, 37, 894) * 1000,
      latencyMs: 1526,
      modelRequested: "gpt-4o-mini",
      modelServed: "gpt-4o-mini-2024-07-18",
      usage: { inputUncached: 15, outputText: 7 },
      usageRaw: { input_tokens: 15, output_tokens: 7, total_tokens: 22 },
      status: "ok",
      httpStatus: 200,
      prompt: null,
      costReportedUsd: null,
    });
  });

  test.each([
    ["gen_ai.usage.cached_input_tokens", { inputUncached: 5, inputCacheRead: 10 }],
    ["gen_ai.usage.cache_read.input_tokens", { inputUncached: 5, inputCacheRead: 10 }],
  ])("takes the cache out of the input by %s", (name, usage) => {
    expect(draftOf(envoySource, { ...line, [name]: 10 }).usage).toMatchObject(usage);
  });

  test("reads the keys of the documentation's first edition", () => {
    const { "gen_ai.request.model": _asked, "gen_ai.response.model": _served, ...rest } = line;
    const first = {
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("gen_ai."))),
      genai_backend_name: "default/tars/route/aigw-run/rule/0/ref/0",
      genai_model_name: "gpt-4o-mini",
      genai_model_name_override: null,
      genai_tokens_input: 15,
      genai_tokens_output: 7,
      genai_tokens_total: 22,
    };
    expect(envoySource.score(first)).toBe(1);
    expect(draftOf(envoySource, first)).toMatchObject({
      modelRequested: "gpt-4o-mini",
      modelServed: null,
      usage: { inputUncached: 15, outputText: 7 },
    });
    const mcp = { ...first, genai_model_name: null, mcp_method: "tools/call", "x-envoy-origin-path": "/mcp" };
    expect(mapRecords(envoySource, [mcp])).toMatchObject([
      { kind: "skipped", detail: "MCP call: tools/call" },
    ]);
  });

  test("reads keys that are called as the metadata are, and Higress's", () => {
    const own = {
      response_flags: "-",
      start_time: line.start_time,
      response_code: "200",
      bytes_sent: "9",
      path: "/v1/chat/completions",
    };
    const counts = {
      llm_input_token: 15,
      llm_cached_input_token: 10,
      llm_output_token: 7,
      llm_total_token: 22,
    };
    expect(draftOf(envoySource, { ...own, "x-ai-eg-model": "gpt-4o-mini", ...counts })).toMatchObject({
      modelRequested: "gpt-4o-mini",
      usage: { inputUncached: 5, inputCacheRead: 10, outputText: 7 },
    });
    const higress = {
      ...own,
      ai_log: '{"model":"qwen-max","input_token":"21","output_token":"17","llm_first_token_duration":"90"}',
    };
    for (const entry of [higress, { ...own, model: "qwen-max", input_token: "21", output_token: "17" }])
      expect(draftOf(envoySource, entry)).toMatchObject({
        modelRequested: "qwen-max",
        usage: { inputUncached: 21, outputText: 17 },
      });
  });

  test("reads numbers as text and dashes as nothing", () => {
    const texts = {
      ...line,
      duration: "1526",
      response_code: "200",
      "gen_ai.usage.input_tokens": "15",
      "gen_ai.usage.output_tokens": "7",
      "gen_ai.usage.total_tokens": "-",
      "gen_ai.response.model": "-",
    };
    expect(draftOf(envoySource, texts)).toMatchObject({
      latencyMs: 1526,
      modelServed: null,
      usage: { inputUncached: 15, outputText: 7 },
    });
  });

  test.each([
    ["DC", 0, { status: "cancelled", errorClass: null, httpStatus: null }],
    ["UT", 504, { status: "error", errorClass: "timeout", httpStatus: 504 }],
    ["UF,URX", 503, { status: "error", errorClass: "server", httpStatus: 503 }],
    ["RL", 429, { status: "error", errorClass: "rate_limit", httpStatus: 429 }],
    ["-", 401, { status: "error", errorClass: "auth", httpStatus: 401 }],
    ["-", 0, { status: "error", errorClass: "other", httpStatus: null }],
  ])("reads flags %s with code %d", (response_flags, response_code, outcome) => {
    const failed = {
      ...line,
      response_flags,
      response_code,
      "gen_ai.usage.input_tokens": null,
      "gen_ai.usage.output_tokens": null,
      "gen_ai.usage.total_tokens": null,
    };
    expect(draftOf(envoySource, failed)).toMatchObject({ ...outcome, usage: null });
  });

  test.each([
    ["Fluent Bit", { stream: "stdout", log: `${JSON.stringify(line)}\n`, kubernetes: {} }],
    ["Cloud Logging", { jsonPayload: line, timestamp: "2025-08-30T16:51:38Z" }],
  ])("unwraps what %s shipped", (_, wrapped) => {
    expect(envoySource.score(wrapped)).toBe(1);
    expect(draftOf(envoySource, wrapped)).toMatchObject({ id: "83b6", usage: { inputUncached: 15 } });
  });

  test("skips MCP calls and other routes", () => {
    const nothing = { ...line, "gen_ai.request.model": null, "gen_ai.response.model": null };
    expect(
      mapRecords(envoySource, [
        { ...nothing, "mcp.method.name": "tools/call", "x-envoy-origin-path": "/mcp" },
        { ...nothing, "x-envoy-origin-path": "/healthz" },
      ]),
    ).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call", detail: "MCP call: tools/call" },
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("is told by gen_ai keys beside Envoy's, not by a fixed list", () => {
    expect(envoySource.score(line)).toBe(1);
    expect(envoySource.score({ "gen_ai.request.model": "m", response_code: 200 })).toBe(0.7);
    for (const other of [
      {},
      { "gen_ai.request.model": "m", trace_id: "x" },
      { duration: 1, start_time: 2 },
      null,
    ])
      expect(envoySource.score(other)).toBe(0);
  });
});
