import { describe, expect, test } from "vitest";
import { readExchange } from "../../../datasets/sources/read-exchange.js";

const call = (name: string, given: string) => ({ type: "function", function: { name, arguments: given } });
const weather = JSON.stringify([call("weather", '{"city":"Oslo","days":2}')]);
const input = { city: "Oslo", days: 2 };
const spaced = '{"city": "Oslo", "days": 2}';

function outputOf(response: unknown): string | null {
  return readExchange(null, response).content.output;
}

const chat = (message: object) => ({ choices: [{ index: 0, message: { role: "assistant", ...message } }] });

describe("an answer that calls a tool", () => {
  const openai = { id: "call_1", type: "function", function: { name: "weather", arguments: spaced } };
  const block = { type: "tool_use", id: "toolu_1", name: "weather", input };
  test.each<[string, unknown]>([
    ["chat completions", chat({ content: null, tool_calls: [openai] })],
    ["chat completions, the function call of old", chat({ content: null, function_call: openai.function })],
    [
      "responses",
      {
        object: "response",
        output: [{ type: "function_call", call_id: "c", name: "weather", arguments: spaced }],
      },
    ],
    ["Anthropic", { type: "message", role: "assistant", content: [block] }],
    [
      "Gemini",
      {
        candidates: [
          { content: { role: "model", parts: [{ functionCall: { name: "weather", args: input } }] } },
        ],
      },
    ],
    [
      "Bedrock Converse",
      {
        output: {
          message: { role: "assistant", content: [{ toolUse: { toolUseId: "t", name: "weather", input } }] },
        },
      },
    ],
    [
      "Ollama",
      {
        message: {
          role: "assistant",
          content: "",
          tool_calls: [{ function: { name: "weather", arguments: input } }],
        },
        done: true,
      },
    ],
    ["Cohere", { text: "", generation_id: "g", tool_calls: [{ name: "weather", parameters: input }] }],
  ])("is that call as JSON, by %s", (_, body) => {
    expect(outputOf(body)).toBe(weather);
    expect(outputOf(JSON.stringify(body))).toBe(weather);
  });

  test("has its text before the call", () => {
    expect(outputOf(chat({ content: "One moment.", tool_calls: [openai] }))).toBe(`One moment.\n${weather}`);
    const content = [{ type: "text", text: "One moment." }, block];
    expect(outputOf({ type: "message", role: "assistant", content })).toBe(`One moment.\n${weather}`);
  });

  test("has nothing but its text when it calls nothing", () => {
    expect(outputOf(chat({ content: "Hello.", tool_calls: [] }))).toBe("Hello.");
    expect(outputOf(chat({ content: null, tool_calls: null }))).toBeNull();
  });
});

describe("a stream that calls tools", () => {
  const events = (list: readonly object[]) =>
    list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const delta = (added: object) => ({
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: added }],
  });
  const piece = (index: number, given: string, name?: string) =>
    delta({
      tool_calls: [
        {
          index,
          ...(name && { id: `call_${index}` }),
          function: { ...(name && { name }), arguments: given },
        },
      ],
    });

  test("is put together by OpenAI's indices, two calls at once", () => {
    const stream = events([
      delta({ role: "assistant", content: null }),
      piece(0, "", "weather"),
      piece(0, '{"city": "Os'),
      piece(1, "", "time"),
      piece(0, 'lo", "days": 2}'),
      piece(1, "{}"),
      { object: "chat.completion.chunk", choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
    ]);
    const both = [call("weather", '{"city":"Oslo","days":2}'), call("time", "{}")];
    expect(outputOf(stream)).toBe(JSON.stringify(both));
  });

  test("is put together by Anthropic's blocks, behind their text", () => {
    const stream = events([
      {
        type: "message_start",
        message: { type: "message", role: "assistant", content: [], usage: { input_tokens: 5 } },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "One moment." } },
      {
        type: "content_block_start",
        index: 1,
        content_block: { type: "tool_use", id: "t", name: "weather", input: {} },
      },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "" } },
      {
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: spaced.slice(0, 9) },
      },
      {
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: spaced.slice(9) },
      },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
    ]);
    expect(outputOf(stream)).toBe(`One moment.\n${weather}`);
  });

  test("is put together by Converse's blocks", () => {
    const list = [
      { messageStart: { role: "assistant" } },
      {
        contentBlockStart: { start: { toolUse: { toolUseId: "t", name: "weather" } }, contentBlockIndex: 0 },
      },
      { contentBlockDelta: { delta: { toolUse: { input: spaced.slice(0, 12) } }, contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { toolUse: { input: spaced.slice(12) } }, contentBlockIndex: 0 } },
      { messageStop: { stopReason: "tool_use" } },
    ];
    expect(outputOf(list)).toBe(weather);
  });

  test("takes the last word of OpenAI's responses", () => {
    const item = { type: "function_call", call_id: "c", name: "weather", arguments: spaced };
    const stream = events([
      { type: "response.created", response: { object: "response", status: "in_progress", output: [] } },
      { type: "response.output_item.added", output_index: 0, item: { ...item, arguments: "" } },
      { type: "response.function_call_arguments.delta", output_index: 0, delta: spaced },
      { type: "response.completed", response: { object: "response", status: "completed", output: [item] } },
    ]);
    expect(outputOf(stream)).toBe(weather);
  });

  test("takes Gemini's calls whole, as they come", () => {
    const part = (functionCall: object) => ({
      candidates: [{ content: { role: "model", parts: [{ functionCall }] } }],
    });
    const stream = events([part({ name: "weather", args: input }), part({ name: "time", args: {} })]);
    expect(outputOf(stream)).toBe(
      JSON.stringify([call("weather", '{"city":"Oslo","days":2}'), call("time", "{}")]),
    );
  });

  test("keeps arguments that were cut as they are", () => {
    const stream = events([
      piece(0, '{"city": "Os', "weather"),
      { choices: [{ index: 0, delta: {}, finish_reason: "length" }] },
    ]);
    expect(outputOf(stream)).toBe(JSON.stringify([call("weather", '{"city": "Os')]));
  });
});
