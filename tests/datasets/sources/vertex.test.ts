import { describe, expect, test } from "vitest";
import { vertexSource } from "../../../datasets/sources/vertex.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

const model = "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash";
const row = {
  endpoint: model,
  deployed_model_id: null,
  logging_time: "2026-07-01 09:15:02.341000 UTC",
  request_id: "1234567890123456789",
  request_payload: [],
  response_payload: [],
  model,
  model_version: "",
  api_method: "generateContent",
  full_request: {
    contents: [{ role: "user", parts: [{ text: "hi" }] }],
    generationConfig: { temperature: 0.5, maxOutputTokens: 100 },
    labels: { caller: "billing", team: "core" },
  },
  full_response: {
    candidates: [{ content: { role: "model", parts: [{ text: "hello" }] }, finishReason: "STOP" }],
    usageMetadata: {
      promptTokenCount: 373,
      cachedContentTokenCount: 100,
      candidatesTokenCount: 89,
      thoughtsTokenCount: 167,
      totalTokenCount: 629,
      trafficType: "ON_DEMAND",
    },
    modelVersion: "gemini-2.5-flash",
  },
  metadata: { request_latency: 812 },
};

describe("vertexSource", () => {
  test("maps a row; thoughts stand outside the candidates' count, the cache inside the prompt's", () => {
    expect(draftOf(vertexSource, row)).toMatchObject({
      id: "1234567890123456789",
      app: "billing",
      tenant: "core",
      endpoint: "generate_content",
      provider: "google",
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 1, 529) * 1000,
      latencyMs: 812,
      modelRequested: "gemini-2.5-flash",
      modelServed: "gemini-2.5-flash",
      prompt: { messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      usage: { inputUncached: 273, inputCacheRead: 100, outputText: 89, outputReasoning: 167 },
      isStream: false,
      serviceTier: "default",
      temperature: 0.5,
      maxTokens: 100,
    });
  });

  test("reads snake case, and columns as JSON text (CSV)", () => {
    const csv = {
      logging_time: "2026-07-01T09:15:02Z",
      model,
      api_method: "streamGenerateContent",
      full_request: JSON.stringify(row.full_request),
      full_response: JSON.stringify({
        candidates: [{ content: { role: "model", parts: [{ text: "hello" }] }, finish_reason: "MAX_TOKENS" }],
        usage_metadata: { prompt_token_count: 5, candidates_token_count: 12, total_token_count: 17 },
        model_version: "gemini-2.5-flash-001",
      }),
      metadata: '{"request_latency": "1000"}',
      request_id: null,
    };
    expect(draftOf(vertexSource, csv)).toMatchObject({
      id: null,
      createdAt: Date.UTC(2026, 6, 1, 9, 15, 1) * 1000,
      modelServed: "gemini-2.5-flash-001",
      finishReason: "length",
      usage: { inputUncached: 5, outputText: 12, outputReasoning: 0 },
      isStream: true,
    });
  });

  test("falls back to the payload columns, a stream's chunks in the answer's", () => {
    const chunk = (text: string, more = {}) =>
      JSON.stringify({ candidates: [{ content: { role: "model", parts: [{ text }] }, ...more }] });
    const payload = {
      ...row,
      full_request: null,
      full_response: "{}",
      request_payload: [JSON.stringify(row.full_request)],
      response_payload: [
        chunk("hel"),
        chunk("lo", { finishReason: "STOP" }),
        JSON.stringify({
          usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
        }),
      ],
    };
    expect(draftOf(vertexSource, payload)).toMatchObject({
      prompt: { messages: [{ content: "hi" }] },
      output: "hello",
      usage: { inputUncached: 5, outputText: 2 },
    });
  });

  test("joins a request that was cut into several texts", () => {
    const text = JSON.stringify(row.full_request);
    const payload = { ...row, full_request: null, request_payload: [text.slice(0, 30), text.slice(30)] };
    expect(draftOf(vertexSource, payload).prompt).toMatchObject({ messages: [{ content: "hi" }] });
  });

  test("keeps a failed call as an error row", () => {
    const failed = {
      ...row,
      full_response: { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota exceeded" } },
    };
    expect(draftOf(vertexSource, failed)).toMatchObject({
      status: "error",
      httpStatus: 429,
      errorClass: "rate_limit",
      usage: null,
      modelServed: "gemini-2.5-flash",
    });
  });

  test.each([
    ["ON_DEMAND_PRIORITY", "priority"],
    ["PROVISIONED_THROUGHPUT", "provisioned_throughput"],
    ["TRAFFIC_TYPE_UNSPECIFIED", null],
  ])("reads the traffic type %s", (trafficType, tier) => {
    const usageMetadata = { ...row.full_response.usageMetadata, trafficType };
    expect(
      draftOf(vertexSource, { ...row, full_response: { ...row.full_response, usageMetadata } }).serviceTier,
    ).toBe(tier);
  });

  test("has no model for an endpoint that is only a number", () => {
    const custom = {
      ...row,
      model: null,
      endpoint: "projects/1/locations/us/endpoints/42",
      full_response: {},
    };
    expect(draftOf(vertexSource, custom)).toMatchObject({ modelRequested: null, modelServed: null });
  });

  test("reads embeddings of the predict method, and skips other predictions", () => {
    const embed = {
      ...row,
      model: "projects/p/locations/us/publishers/google/models/text-embedding-005",
      endpoint: null,
      api_method: "predict",
      full_request: { instances: [{ content: "a" }, { content: "b" }] },
      full_response: {
        predictions: [
          { embeddings: { values: [0.1], statistics: { token_count: 3, truncated: false } } },
          { embeddings: { values: [0.2], statistics: { token_count: 4, truncated: false } } },
        ],
      },
    };
    expect(draftOf(vertexSource, embed)).toMatchObject({
      endpoint: "embeddings",
      modelServed: "text-embedding-005",
      usage: { inputUncached: 7, outputText: 0 },
    });
    const image = { ...embed, model: "publishers/google/models/imagen-4.0-generate-001" };
    expect(mapRecords(vertexSource, [image])).toMatchObject([{ kind: "skipped", reason: "not_an_llm_call" }]);
  });

  test("skips token counting, says that the log is a sample, scores nothing else", () => {
    expect(mapRecords(vertexSource, [{ ...row, api_method: "countTokens" }])).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
    expect(vertexSource.title).toContain("sample");
    expect(vertexSource.score(row)).toBe(1);
    for (const line of [{}, { full_request: 1 }, { logging_time: 1, model: "m" }, null])
      expect(vertexSource.score(line)).toBe(0);
  });
});
