import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { braintrustSource } from "../../../datasets/sources/braintrust.js";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const span = {
  id: "b1",
  span_id: "s1",
  root_span_id: "s0",
  span_parents: ["s0"],
  project_id: "p",
  created: "2026-07-01T09:15:00.123Z",
  input: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "hi" },
  ],
  output: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  error: null,
  metadata: { model: "gpt-4o", temperature: 0.2, max_tokens: 100, provider: "openai", user_id: "u-1" },
  metrics: {
    start: 1782897300.123,
    end: 1782897302.341,
    time_to_first_token: 0.41,
    prompt_tokens: 812,
    completion_tokens: 64,
    tokens: 876,
    prompt_cached_tokens: 512,
    completion_reasoning_tokens: 24,
    estimated_cost: 0.00203,
  },
  span_attributes: { name: "Chat Completion", type: "llm" },
};

describe("braintrustSource", () => {
  test("maps a span of type llm; cached input is inside the input, times are epoch seconds", () => {
    expect(draftOf(braintrustSource, span)).toMatchObject({
      id: "b1",
      sessionId: "s0",
      user: "u-1",
      createdAt: 1_782_897_300_123_000,
      latencyMs: 2218,
      ttftMs: 410,
      modelServed: "gpt-4o",
      provider: "openai",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "hi" }] },
      output: "hello",
      finishReason: "stop",
      usage: { inputUncached: 300, inputCacheRead: 512, outputText: 40, outputReasoning: 24 },
      costReportedUsd: 0.00203,
      temperature: 0.2,
      maxTokens: 100,
      status: "ok",
    });
  });

  test("reads the same of CSV, where every object is text", () => {
    const row = Object.fromEntries(
      Object.entries(span).map(([key, value]) => [
        key,
        typeof value === "object" && value !== null ? JSON.stringify(value) : value,
      ]),
    );
    expect(braintrustSource.score(row)).toBe(1);
    expect(draftOf(braintrustSource, row)).toEqual(draftOf(braintrustSource, span));
  });

  test.for<[string, Record<string, number>, Record<string, number>]>([
    [
      "both lives of cache writes",
      {
        prompt_tokens: 21,
        completion_tokens: 7,
        prompt_cached_tokens: 3,
        prompt_cache_creation_5m_tokens: 2,
        prompt_cache_creation_1h_tokens: 5,
      },
      { inputUncached: 11, inputCacheRead: 3, inputCacheWrite5m: 2, inputCacheWrite1h: 5 },
    ],
    [
      "an early SDK's input without the cache",
      {
        prompt_tokens: 4,
        completion_tokens: 7,
        prompt_cached_tokens: 1000,
        prompt_cache_creation_tokens: 200,
      },
      { inputUncached: 4, inputCacheRead: 1000, inputCacheWrite5m: 200 },
    ],
  ])("counts %s", ([, metrics, expected]) => {
    expect(
      draftOf(braintrustSource, { ...span, metrics: { start: span.metrics.start, ...metrics } }).usage,
    ).toMatchObject(expected);
  });

  test("makes a span with an error an error row, and leaves missing counts unknown", () => {
    const failed = {
      ...span,
      error: "RateLimitError: 429",
      output: null,
      metrics: { start: 1782897300, end: 1782897301 },
    };
    expect(draftOf(braintrustSource, failed)).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
      usage: null,
      costReportedUsd: null,
    });
  });

  test("skips spans that are no calls, and a call that repeats its child", () => {
    const task = {
      ...span,
      id: "t",
      span_id: "s0",
      span_parents: null,
      span_attributes: { name: "task", type: "task" },
    };
    const wrapper = { ...span, id: "b0", span_id: "w" };
    const inner = { ...span, span_parents: ["w"] };
    const mapped = mapRecords(braintrustSource, [task, wrapper, inner]);
    expect(mapped).toMatchObject([
      { kind: "skipped", reason: "not_an_llm_call" },
      { kind: "skipped", reason: "not_a_leaf_span" },
      { kind: "row" },
    ]);
  });

  test("reads pages of the API and of BTQL", () => {
    expect(draftsOf(braintrustSource, [{ events: [span] }, { data: [span], schema: {} }])).toHaveLength(2);
  });

  test.for<[string, unknown]>([
    ["text", "x"],
    ["an object", { metrics: {}, span_id: "s" }],
    ["a page of something else", { data: [{ id: 1 }] }],
  ])("does not take %s for its own", ([, line]) => expect(braintrustSource.score(line)).toBe(0));

  test("recognises the constructed sample", ({ skip }) => {
    const path = join(
      process.env.SIGNALBOX_DATA ?? "../shared/data",
      "logs/constructed/braintrust_span.jsonl",
    );
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    const lines = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(detectSource(lines, sources).source?.name).toBe("braintrust");
    expect(draftsOf(braintrustSource, lines)).toHaveLength(lines.length);
  });
});
