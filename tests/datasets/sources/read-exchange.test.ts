import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCallerLabels } from "../../../datasets/sources/caller-labels.js";
import { readExchange } from "../../../datasets/sources/read-exchange.js";

const request = { model: "m", messages: [{ role: "user", content: "hi" }], stream: true, max_tokens: 9 };
const stream = [
  'data: {"choices":[{"delta":{"content":"hel"}}]}',
  'data: {"choices":[{"delta":{"content":"lo"},"finish_reason":"stop"}]}',
  'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}',
  "data: [DONE]",
];

describe("readExchange", () => {
  test.each([
    ["text", stream.join("\n\n")],
    ["a list of events", stream],
    ["a list of chunks", stream.slice(0, 3).map((line) => JSON.parse(line.slice(6)))],
    ["a list of chunks as text", JSON.stringify(stream.slice(0, 3).map((line) => JSON.parse(line.slice(6))))],
  ])("puts a stream together that was logged as %s", (_, response) => {
    const exchange = readExchange(JSON.stringify(request), response);
    expect(exchange).toMatchObject({
      isStream: true,
      content: { output: "hello", finishReason: "stop", maxTokens: 9 },
    });
    expect(exchange.answer.usageRaw).toMatchObject({ prompt_tokens: 3 });
  });

  test.each([
    ["whole", request, "full"],
    ["cut", JSON.stringify(request).slice(0, 40), "truncated"],
    ["absent", null, "none"],
    ["empty", "", "none"],
    ["redacted", { messages: [{ role: "user", content: "[REDACTED]" }] }, "redacted"],
  ])("says that a prompt is %s", (_, body, state) => {
    expect(readExchange(body, null).content.promptState).toBe(state);
  });

  test("knows nothing of a call without bodies", () => {
    expect(readExchange(null, undefined)).toMatchObject({
      isStream: null,
      request: null,
      content: { prompt: null, output: null, hasJsonSchema: null, tools: null },
    });
  });

  test("never throws", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => void readExchange(a, b)));
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => void readExchange(a, b)));
  });
});

describe("readCallerLabels", () => {
  test.each([
    [
      { "Helicone-Session-Id": "s", feature: "triage" },
      { sessionId: "s", app: "triage" },
    ],
    [
      { _user: "u", TEAM: "core" },
      { user: "u", tenant: "core" },
    ],
    [
      { user_id: 17, app: "" },
      { user: "17", app: null },
    ],
    [null, { user: null, app: null, tenant: null, sessionId: null }],
  ])("reads %j", (labels, expected) => {
    expect(readCallerLabels(labels)).toMatchObject(expected);
  });

  test("lets earlier objects win", () => {
    expect(readCallerLabels({ app: "a" }, { app: "b", user: "u" })).toMatchObject({ app: "a", user: "u" });
  });
});
