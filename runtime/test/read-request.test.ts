import { describe, expect, test } from "vitest";
import { type ReadRequest, readRequest } from "../src/request/read-request.js";
import type { RouteRequest } from "../src/request/request.js";
import { hostileRequests } from "./support/hostile.js";

const text = "What is a monad?";
const tool = { name: "lookup" };

describe("readRequest", () => {
  test.each<[string, unknown, Partial<ReadRequest>]>([
    [
      "the shorthand",
      { prompt: text, system: "Be brief." },
      { userText: text, systemText: "Be brief.", userTurns: 1 },
    ],
    [
      "OpenAI chat",
      {
        messages: [
          { role: "developer", content: "Be brief." },
          { role: "user", content: "Hello" },
          { role: "assistant", content: "Hi!" },
          {
            role: "user",
            content: [
              { type: "text", text },
              { type: "image_url", image_url: { url: "data:," } },
            ],
          },
        ],
        tools: [tool],
        response_format: { type: "json_schema" },
        max_completion_tokens: 64,
      },
      {
        userText: text,
        systemText: "Be brief.",
        historyChars: 8,
        userTurns: 2,
        hasAnswer: true,
        nImages: 1,
        nTools: 1,
        jsonMode: "schema",
        maxTokens: 64,
      },
    ],
    [
      "OpenAI responses",
      {
        instructions: "Be brief.",
        input: [
          { role: "user", content: [{ type: "input_text", text }] },
          { type: "function_call_output", output: "12345" },
        ],
        text: { format: { type: "json_object" } },
        max_output_tokens: 9,
        conversation: { id: "c1" },
      },
      {
        userText: text,
        systemText: "Be brief.",
        historyChars: 5,
        jsonMode: "object",
        maxTokens: 9,
        sessionId: "c1",
      },
    ],
    ["OpenAI responses with a string", { input: text }, { userText: text, userTurns: 1 }],
    [
      "Anthropic, where tool results come in user turns",
      {
        system: [
          { type: "text", text: "Be" },
          { type: "text", text: "brief." },
        ],
        messages: [
          { role: "user", content: text },
          { role: "assistant", content: [{ type: "tool_use", name: "lookup" }] },
          { role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: "12345" }] }] },
        ],
        max_tokens: 5,
      },
      {
        userText: text,
        systemText: "Be\nbrief.",
        historyChars: 5,
        userTurns: 1,
        hasAnswer: true,
        maxTokens: 5,
      },
    ],
    [
      "Gemini",
      {
        systemInstruction: { parts: [{ text: "Be brief." }] },
        contents: [
          { role: "user", parts: [{ text: "Hello" }] },
          { role: "model", parts: [{ text: "Hi!" }] },
          { role: "user", parts: [{ text }, { inlineData: {} }] },
        ],
        tools: [{ functionDeclarations: [tool, tool] }],
        generationConfig: { maxOutputTokens: 7, responseMimeType: "application/json" },
      },
      {
        userText: text,
        systemText: "Be brief.",
        historyChars: 8,
        hasAnswer: true,
        nImages: 1,
        nTools: 2,
        jsonMode: "object",
        maxTokens: 7,
      },
    ],
    [
      "an image without words",
      { messages: [{ role: "user", content: [{ type: "image" }] }] },
      { userText: "", nImages: 1 },
    ],
  ])("reads %s", (_, request, wanted) => {
    expect(readRequest(request as RouteRequest)).toMatchObject(wanted);
  });

  test("reads something from any value", () => {
    for (const request of hostileRequests) {
      const read = readRequest(request as RouteRequest);
      expect(typeof read.userText).toBe("string");
      expect(Number.isFinite(read.historyChars)).toBe(true);
    }
  });
});
