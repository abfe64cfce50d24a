import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { mlflowSource } from "../../../datasets/sources/mlflow.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const start = "1782897300123000000";
const usage = (counts: Record<string, number>) => JSON.stringify(counts);
const attributes = {
  "mlflow.spanType": '"CHAT_MODEL"',
  "mlflow.spanInputs": JSON.stringify({
    model: "gpt-4o",
    temperature: 0.3,
    messages: [{ role: "user", content: "hi" }],
  }),
  "mlflow.spanOutputs": JSON.stringify({
    model: "gpt-4o-2024-08-06",
    choices: [{ message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  }),
  "mlflow.chat.tokenUsage": usage({
    input_tokens: 812,
    output_tokens: 64,
    total_tokens: 876,
    cache_read_input_tokens: 512,
  }),
  "mlflow.llm.model": '"gpt-4o-2024-08-06"',
  "mlflow.llm.provider": '"openai"',
  "mlflow.llm.cost": '{"input_cost": 0.001, "output_cost": 0.00064, "total_cost": 0.00164}',
};
const span = (fields: Record<string, unknown> = {}, own: Record<string, unknown> = {}) => ({
  trace_id: "b64",
  span_id: "s1",
  parent_span_id: null,
  name: "Completions",
  start_time_unix_nano: start,
  end_time_unix_nano: "1782897302341000000",
  status: { code: "STATUS_CODE_OK" },
  ...fields,
  attributes: { ...attributes, ...own },
});
const trace = (...spans: unknown[]) => ({
  info: {
    trace_id: "tr-1",
    request_time: "2026-07-01T09:15:00.123Z",
    trace_metadata: {
      "mlflow.trace.tokenUsage": usage({ input_tokens: 812, output_tokens: 64, total_tokens: 876 }),
      "mlflow.trace.session": "s-1",
      "mlflow.trace.user": "u-1",
    },
    tags: { "mlflow.traceName": "support" },
  },
  data: { spans },
});

describe("mlflowSource", () => {
  test("maps a chat span; attribute values are JSON text, times nanoseconds", () => {
    expect(mlflowSource.score(trace(span()))).toBe(1);
    expect(draftOf(mlflowSource, trace(span()))).toMatchObject({
      id: "tr-1/s1",
      sessionId: "s-1",
      user: "u-1",
      app: "support",
      createdAt: 1_782_897_300_123_000,
      latencyMs: 2218,
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      provider: "openai",
      prompt: { messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      temperature: 0.3,
      usage: { inputUncached: 300, inputCacheRead: 512, outputText: 64 },
      costReportedUsd: 0.00164,
      status: "ok",
    });
  });

  test("reads spans of version 2, their ids apart, and attribute values that are no text", () => {
    const old = {
      context: { span_id: "s1", trace_id: "x" },
      parent_id: null,
      name: "Completions",
      start_time: start,
      end_time: "1782897302341000000",
      status_code: "OK",
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, JSON.parse(value)]),
      ),
    };
    expect(draftOf(mlflowSource, trace(old))).toMatchObject({
      id: "tr-1/s1",
      latencyMs: 2218,
      usage: { outputText: 64 },
    });
  });

  test("reads a row of search_traces, where all is text", () => {
    const { info, data } = trace(span());
    const row = {
      ...info,
      trace_metadata: JSON.stringify(info.trace_metadata),
      tags: JSON.stringify(info.tags),
      spans: JSON.stringify(data.spans),
    };
    expect(draftOf(mlflowSource, row)).toEqual(draftOf(mlflowSource, trace(span())));
  });

  // [counts, provider, [uncached, cache read, cache write]]
  test.for<[string, Record<string, number>, string, number[]]>([
    [
      "Anthropic's input without the cache",
      {
        input_tokens: 4,
        output_tokens: 9,
        total_tokens: 13,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 2,
      },
      "anthropic",
      [4, 3, 2],
    ],
    [
      "OpenAI's with it",
      { input_tokens: 10, output_tokens: 9, total_tokens: 19, cache_read_input_tokens: 3 },
      "openai",
      [7, 3, 0],
    ],
    [
      "a total that adds the cache",
      { input_tokens: 10, output_tokens: 9, total_tokens: 22, cache_read_input_tokens: 3 },
      "openai",
      [10, 3, 0],
    ],
    [
      "more cache than input",
      { input_tokens: 4, output_tokens: 9, cache_read_input_tokens: 300 },
      "openai",
      [4, 300, 0],
    ],
  ])("counts %s", ([, counts, provider, expected]) => {
    const own = { "mlflow.chat.tokenUsage": usage(counts), "mlflow.llm.provider": JSON.stringify(provider) };
    const { usage: read } = draftOf(mlflowSource, trace(span({}, own)));
    expect(read && [read.inputUncached, read.inputCacheRead, read.inputCacheWrite5m]).toEqual(expected);
  });

  test("skips spans that are no calls and calls that repeat the call below them", () => {
    const spans = [
      span({ span_id: "root" }, { "mlflow.spanType": '"AGENT"' }),
      span({ span_id: "w", parent_span_id: "root" }, { "mlflow.spanType": '"LLM"' }),
      span({ span_id: "c", parent_span_id: "w" }),
      { span_id: "h", name: "GET", attributes: { "http.method": "GET" } },
    ];
    expect(mapRecords(mlflowSource, [trace(...spans)])).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
      { kind: "skipped", reason: "not_a_leaf_span" },
      { kind: "row", draft: { id: "tr-1/c" } },
      { kind: "skipped", reason: "not_an_llm_call" },
    ]);
  });

  test("makes a failed span an error row with its exception's class", () => {
    const failed = span({
      status: { code: "STATUS_CODE_ERROR", message: "" },
      events: [{ name: "exception", attributes: { "exception.type": "RateLimitError" } }],
    });
    expect(draftOf(mlflowSource, trace(failed))).toMatchObject({ status: "error", errorClass: "rate_limit" });
  });

  test("takes a trace without spans for empty", () => {
    expect(mapRecords(mlflowSource, [trace()])).toMatchObject([{ kind: "skipped", reason: "empty_record" }]);
  });

  test.for<[string, unknown]>([
    ["text", "x"],
    ["spans of something else", { data: { spans: [{ name: "x", attributes: { "http.method": "GET" } }] } }],
    ["an object", { info: { trace_id: "t" } }],
  ])("does not take %s for its own", ([, line]) => expect(mlflowSource.score(line)).toBe(0));

  test("recognises the constructed sample", ({ skip }) => {
    const path = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs/constructed/mlflow_trace.json");
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const line = JSON.parse(readFileSync(path, "utf8"));
    expect(detectSource([line], sources).source?.name).toBe("mlflow");
    expect(draftsOf(mlflowSource, [line])).toHaveLength(1);
  });
});
