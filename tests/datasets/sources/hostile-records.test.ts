import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sources } from "../../../datasets/sources/index.js";
import { mapRecords } from "../../support/map-records.js";

/** One plain record of each trace store, session log and batch file. */
const samples: Record<string, unknown[]> = {
  langfuse: [
    {
      id: "o",
      trace_id: "t",
      type: "GENERATION",
      start_time: "2026-06-05 09:15:00",
      end_time: "2026-06-05 09:15:02",
      parent_observation_id: "p",
      level: "DEFAULT",
      input: '[{"role":"user","content":"hi"}]',
      output: '"yo"',
      provided_model_name: "gpt-4o",
      model_parameters: '{"temperature":0.2}',
      usage_details: { input: 3, output: 4, total: 7 },
      cost_details: { total: 0.1 },
      metadata: {},
      updated_at: "2026-06-05 09:16:00",
    },
  ],
  "claude-code": [
    {
      type: "user",
      sessionId: "s",
      uuid: "u",
      parentUuid: null,
      isSidechain: false,
      message: { role: "user", content: "hi" },
      timestamp: "2026-06-05T09:15:00Z",
    },
    {
      type: "assistant",
      sessionId: "s",
      uuid: "v",
      requestId: "r",
      isSidechain: false,
      agentId: "a",
      cwd: "/x",
      timestamp: "2026-06-05T09:15:01Z",
      message: {
        id: "msg_01AbCdEfGhIjKlMnOpQr",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [{ type: "text", text: "yo" }],
        usage: { input_tokens: 1, output_tokens: 2, iterations: [{ type: "message" }] },
      },
    },
    { type: "progress", sessionId: "s", uuid: "w", data: { message: { type: "assistant", message: {} } } },
  ],
  codex: [
    { timestamp: "2026-06-05T09:15:00Z", type: "session_meta", payload: { id: "s", cwd: "/x" } },
    { timestamp: "2026-06-05T09:15:00Z", type: "turn_context", payload: { model: "m" } },
    {
      timestamp: "2026-06-05T09:15:00Z",
      type: "response_item",
      payload: { type: "message", role: "user", content: [] },
    },
    {
      timestamp: "2026-06-05T09:15:09Z",
      type: "event_msg",
      payload: {
        type: "token_count",
        info: { last_token_usage: { input_tokens: 1 }, total_token_usage: { input_tokens: 1 } },
      },
    },
  ],
  langsmith: [
    {
      id: "r",
      run_type: "llm",
      start_time: "2026-06-05T09:15:00",
      end_time: "2026-06-05T09:15:01",
      inputs: { messages: [["human", "hi"]] },
      outputs: { generations: [[{ text: "yo" }]] },
      extra: { metadata: {} },
      trace_id: "t",
      dotted_order: "a",
      prompt_tokens: 1,
      completion_tokens: 1,
      feedback_stats: {},
    },
  ],
  braintrust: [
    {
      id: "b",
      span_id: "s",
      root_span_id: "r",
      span_parents: ["r"],
      span_attributes: { type: "llm" },
      metrics: { start: 1782897300.1, end: 1782897301.1, prompt_tokens: 1, completion_tokens: 2 },
      metadata: { model: "gpt-4o" },
      input: [],
      output: [],
    },
  ],
  mlflow: [
    {
      info: { trace_id: "t", trace_metadata: {} },
      data: {
        spans: [
          {
            span_id: "s",
            start_time_unix_nano: "1782897300123000000",
            end_time_unix_nano: "1782897301123000000",
            attributes: { "mlflow.spanType": '"CHAT_MODEL"', "mlflow.chat.tokenUsage": '{"input_tokens":1}' },
          },
        ],
      },
    },
  ],
  openrouter: [
    {
      generation_id: "g",
      model_permaslug: "m",
      created_at: "2026-06-05 09:15:00",
      tokens_prompt: "1",
      tokens_completion: "2",
      cost_total: "0.1",
      variant: "free",
    },
    { id: "g", total_cost: 1, model: "m", native_tokens_prompt: 1, created_at: "2026-06-05T09:15:00Z" },
  ],
  "openai-batch": [
    {
      id: "b",
      custom_id: "c",
      response: {
        status_code: 200,
        body: { object: "chat.completion", created: 1734986202, model: "m", usage: {} },
      },
      error: null,
    },
  ],
  "anthropic-batch": [{ custom_id: "c", result: { type: "succeeded", message: { model: "m", usage: {} } } }],
};

const records = Object.entries(samples).flatMap(([name, lines]) => lines.map((line) => ({ name, line })));

test.for(records)("only $name claims its record", ({ name, line }) => {
  const best = sources.map((source) => ({ name: source.name, score: source.score(line) }));
  best.sort((a, b) => b.score - a.score);
  expect(best[0]?.name).toBe(name);
  expect(best[0]!.score).toBeGreaterThan(best[1]!.score);
});

describe("whatever stands in a record", () => {
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom<unknown>(
      null,
      "",
      "{",
      "[[",
      -1,
      1e308,
      "NaN",
      "9".repeat(400),
      { toString: 1, valueOf: null },
      { __proto__: null, constructor: "x" },
      [null, [null]],
      "\u0000",
      true,
    ),
  );

  test.for(sources.map(({ name }) => name))("%s answers it once, and never throws", (name) => {
    const source = sources.find((known) => known.name === name)!;
    const own = samples[name] ?? [];
    const line = own.length === 0 ? hostile : fc.oneof(hostile, fc.constantFrom(...own).chain(withOneChange));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        for (const value of lines) {
          const score = source.score(value);
          expect(score >= 0 && score <= 1).toBe(true);
        }
        mapRecords(source, lines);
      }),
      { numRuns: 150, seed: 193 },
    );
  });

  /** The record with one value, anywhere in it, exchanged. */
  function withOneChange(record: unknown): fc.Arbitrary<unknown> {
    const paths = pathsOf(record, []);
    return fc.tuple(fc.constantFrom(...paths), hostile).map(([path, value]) => replaced(record, path, value));
  }
});

function pathsOf(value: unknown, path: string[]): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => (`${i}` === key ? replaced(item, rest, by) : item));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}
