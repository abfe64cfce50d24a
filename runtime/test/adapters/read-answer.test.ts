import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/adapters/answer.js";
import { type Api, detectApi } from "../../src/adapters/detect-api.js";
import { createAnswerReader } from "../../src/adapters/read-answer.js";
import { rewriteField } from "../../src/adapters/rewrite-body.js";
import { createSseReader } from "../../src/adapters/sse-events.js";

const sse = (...events: unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

function read(api: Api, text: string, contentType = "text/event-stream", chunk = 7): Answer {
  const reader = createAnswerReader(api, contentType, true);
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += chunk) reader.take(bytes.subarray(i, i + chunk));
  reader.end();
  return reader.answer;
}

describe("an answer", () => {
  const cases: Array<[string, Api, unknown[], Partial<Answer>]> = [
    [
      "chat: usage without choices, and text of the first choice only",
      "chat",
      [
        { model: "m", choices: [{ index: 0, delta: { content: "é" } }] },
        { model: "m", choices: [{ index: 1, delta: { content: "other" } }] },
        { model: "m", choices: [{ index: 0, delta: { content: "📍" }, finish_reason: "length" }] },
        { model: "m", choices: [], usage: { prompt_tokens: 1 } },
      ],
      {
        model: "m",
        text: "é📍",
        finishReason: "length",
        usage: { prompt_tokens: 1 },
        isRefusal: false,
        error: null,
      },
    ],
    [
      "chat: usage that grows with each chunk counts as it was last",
      "chat",
      [
        { choices: [{ delta: { content: "a" } }], usage: { completion_tokens: 1 } },
        { choices: [{ delta: {}, finish_reason: "stop" }], usage: { completion_tokens: 2 } },
      ],
      { usage: { completion_tokens: 2 }, finishReason: "stop" },
    ],
    [
      "chat: calls of tools",
      "chat",
      [
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { name: "find", arguments: "" } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"q":1}' } }] } }] },
        { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
      ],
      { text: '[tool] find {"q":1}', finishReason: "tool_calls", isRefusal: false },
    ],
    [
      "chat: a refusal, and a filter",
      "chat",
      [
        { choices: [{ delta: { refusal: "No." } }] },
        { choices: [{ delta: {}, finish_reason: "content_filter" }] },
      ],
      { text: "No.", isRefusal: true, finishReason: "content_filter" },
    ],
    [
      "chat: an error in the stream",
      "chat",
      [{ error: { code: "rate_limit_exceeded", message: "slow down" } }],
      { error: "rate_limit_exceeded", errorClass: "rate_limited" },
    ],
    [
      "responses: cut off by its limit",
      "responses",
      [
        { type: "response.created", response: { model: "m", status: "in_progress" } },
        { type: "response.output_text.delta", delta: "abc" },
        {
          type: "response.incomplete",
          response: {
            model: "m",
            status: "incomplete",
            incomplete_details: { reason: "max_output_tokens" },
            usage: { output_tokens: 2 },
          },
        },
      ],
      { text: "abc", finishReason: "max_output_tokens", usage: { output_tokens: 2 }, isRefusal: null },
    ],
    [
      "responses: failed",
      "responses",
      [
        {
          type: "response.failed",
          response: { status: "failed", error: { code: "server_error", message: "x" } },
        },
      ],
      { error: "server_error", errorClass: "overloaded", finishReason: "failed" },
    ],
    [
      "responses: a call of a function",
      "responses",
      [
        { type: "response.output_item.added", item: { type: "function_call", name: "find" } },
        { type: "response.function_call_arguments.delta", delta: "{}" },
        {
          type: "response.completed",
          response: {
            status: "completed",
            output: [{ type: "function_call", name: "find", arguments: "{}" }],
          },
        },
      ],
      { text: "[tool] find {}", finishReason: "completed", isRefusal: false },
    ],
    [
      "messages: thinking, a tool, usage in two parts",
      "messages",
      [
        {
          type: "message_start",
          message: { model: "m", usage: { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 2 } },
        },
        { type: "ping" },
        { type: "content_block_delta", delta: { type: "thinking_delta", thinking: "hm" } },
        { type: "content_block_start", content_block: { type: "tool_use", name: "find", input: {} } },
        { type: "content_block_delta", delta: { type: "input_json_delta", partial_json: '{"q":1}' } },
        {
          type: "message_delta",
          delta: { stop_reason: "tool_use" },
          usage: { output_tokens: 9, input_tokens: null },
        },
        { type: "message_stop" },
      ],
      {
        text: '[tool] find {"q":1}',
        usage: { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 2 },
        finishReason: "tool_use",
        isRefusal: false,
      },
    ],
    [
      "messages: overloaded in the middle",
      "messages",
      [
        { type: "message_start", message: { model: "m" } },
        { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      ],
      { error: "overloaded_error", errorClass: "overloaded" },
    ],
    ["no event at all", "chat", [], { error: "incomplete_stream", model: null, usage: null }],
  ];
  test.each(cases)("%s", (_, api, events, wanted) => {
    for (const chunk of [1, 7, 10_000])
      expect(read(api, sse(...events), undefined, chunk)).toMatchObject(wanted);
  });

  test("of any shape is read without a throw", () => {
    const apis: Api[] = ["chat", "responses", "messages"];
    const reads = fc.property(
      fc.constantFrom(...apis),
      fc.array(fc.jsonValue()),
      fc.string(),
      (api, values, noise) => {
        read(api, sse(...values) + noise);
        for (const value of values) read(api, JSON.stringify(value), "application/json");
      },
    );
    fc.assert(reads, { numRuns: 200 });
    const hostile = [
      { choices: [null, 3, { delta: null }], usage: 7, model: {} },
      { type: "response.completed", response: null },
      { type: "message_start", message: [1] },
      { object: "response", output: [null, { content: [null] }], status: 4 },
      { type: "content_block_start", content_block: { type: "tool_use", input: "x" } },
    ];
    for (const api of apis) for (const value of hostile) expect(read(api, sse(value)).usage).toBeNull();
  });
});

describe("server-sent events", () => {
  test("are the same however the stream is cut, with LF and with CR LF", () => {
    const lines = [
      'data: {"a":1}',
      "",
      ": comment",
      "",
      "event: x",
      "data:two",
      "data: lines",
      "id: 3",
      "",
      "data",
      "",
      "",
    ];
    for (const end of ["\n", "\r\n"]) {
      const text = lines.join(end);
      for (let at = 0; at <= text.length; at++) {
        const reader = createSseReader();
        const events = [...reader.take(text.slice(0, at)), ...reader.take(text.slice(at))];
        expect(events.map(({ data }) => data)).toEqual(['{"a":1}', "", "two\nlines", ""]);
        expect(events.map(({ raw }) => raw).join("") + reader.rest()).toBe(text);
      }
    }
  });
});

describe("rewriteField", () => {
  const cases: Array<[string, string]> = [
    ['{"model":"a"}', '{"model":"b"}'],
    ['{"x":{"model":"a"},"model":"a"}', '{"x":{"model":"a"},"model":"b"}'],
    ['{"model":"a","model":"c"}', '{"model":"b","model":"b"}'],
    ['{"mod\\u0065l" : "a" , "y": "\\"model\\":"}', '{"mod\\u0065l" : "b" , "y": "\\"model\\":"}'],
    ['{"y":["model","a"],"z":"model","model":"a\\\\"}', '{"y":["model","a"],"z":"model","model":"b"}'],
    ["{}", '{"model":"b"}'],
    ['  { "y": 1 }', '  {"model":"b", "y": 1 }'],
  ];
  test.each(cases)("%s becomes %s", (given, wanted) => {
    expect(rewriteField(given, "model", "b")).toBe(wanted);
  });

  test("changes that field alone in any object", () => {
    const objects = fc.dictionary(fc.oneof(fc.constant("model"), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(objects, fc.string(), fc.constantFrom(undefined, 2), (body, model, indent) => {
        const json = JSON.stringify({ model: "given", ...body }, null, indent);
        expect(JSON.parse(rewriteField(json, "model", model))).toEqual({ ...JSON.parse(json), model });
      }),
    );
  });
});

test("calls are told by method and path", () => {
  const cases: Array<[string, string, Api | null]> = [
    ["POST", "https://api.openai.com/v1/chat/completions", "chat"],
    ["post", "http://gateway/openai/v1/chat/completions/?x=1", "chat"],
    ["POST", "https://api.openai.com/v1/responses", "responses"],
    ["POST", "https://api.anthropic.com/v1/messages?beta=true", "messages"],
    ["GET", "https://api.openai.com/v1/chat/completions", null],
    ["POST", "https://api.openai.com/v1/responses/resp_1/cancel", null],
    ["POST", "https://api.anthropic.com/v1/messages/batches", null],
    ["POST", "https://x.openai.azure.com/openai/deployments/d/chat/completions", null],
    ["POST", "https://example.com/?next=/chat/completions", null],
  ];
  for (const [method, url, wanted] of cases) expect(detectApi(method, url)).toBe(wanted);
});
