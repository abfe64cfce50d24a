import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { providerSource } from "../../datasets/sources/provider.js";
import type { RequestDraft } from "../../datasets/sources/source.js";

const when = "2026-06-01T12:00:00Z";
const micros = Date.UTC(2026, 5, 1, 12) * 1000;
const chatRequest = {
  model: "gpt-4o",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hi" },
  ],
  temperature: 0.5,
  max_tokens: 50,
};
const chatResponse = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: micros / 1e6,
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 },
};

function draftOf(line: unknown): RequestDraft {
  const mapped = providerSource.map(line);
  if (mapped.kind !== "row") throw new Error(`${mapped.kind} ${mapped.reason}: ${mapped.detail}`);
  return mapped.draft;
}

describe("the exchange is found under many names", () => {
  const url = "https://api.openai.com/v1/chat/completions";
  test.each<[string, Record<string, unknown>]>([
    ["objects", { request: chatRequest, response: chatResponse, url }],
    [
      "JSON strings",
      { request_body: JSON.stringify(chatRequest), response_body: JSON.stringify(chatResponse), uri: url },
    ],
    [
      "strings in strings",
      {
        requestBody: JSON.stringify(JSON.stringify(chatRequest)),
        responseBody: JSON.stringify(chatResponse),
        url,
      },
    ],
    [
      "req and res messages",
      {
        req: { method: "POST", url, body: chatRequest },
        res: { status: 200, headers: {}, body: JSON.stringify(chatResponse) },
      },
    ],
    [
      "input and output",
      { input: chatRequest, output: chatResponse, host: "api.openai.com", path: "/v1/chat/completions" },
    ],
    ["payload and result", { payload: chatRequest, result: chatResponse, provider: "openai" }],
    [
      "a HAR entry",
      {
        startedDateTime: when,
        time: 812,
        request: { method: "POST", url, postData: { text: JSON.stringify(chatRequest) } },
        response: {
          status: 200,
          content: { mimeType: "application/json", text: JSON.stringify(chatResponse) },
        },
      },
    ],
    ["a flat request beside its response", { ...chatRequest, response: chatResponse }],
  ])("%s", (_, line) => {
    expect(draftOf(line)).toMatchObject({
      modelRequested: "gpt-4o",
      modelServed: "gpt-4o-2024-08-06",
      provider: "openai",
      createdAt: micros,
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "Hi" }] },
      output: "Hello",
      finishReason: "stop",
      status: "ok",
      temperature: 0.5,
      maxTokens: 50,
      usage: { inputUncached: 12, outputText: 1 },
    });
    expect(providerSource.score(line)).toBeGreaterThanOrEqual(0.6);
  });

  test.each<[string, Record<string, unknown>]>([
    ["chat.completion", chatResponse],
    [
      "Anthropic message",
      {
        type: "message",
        role: "assistant",
        id: "msg_1",
        model: "claude-sonnet-4-5",
        content: [{ type: "text", text: "Hello" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 12, output_tokens: 1 },
        created_at: when,
      },
    ],
    [
      "OpenAI response",
      {
        object: "response",
        id: "resp_1",
        created_at: micros / 1e6,
        model: "gpt-4o",
        status: "completed",
        output: [{ type: "message", content: [{ type: "output_text", text: "Hello" }] }],
        usage: { input_tokens: 12, output_tokens: 1, total_tokens: 13 },
      },
    ],
    [
      "Gemini answer",
      {
        candidates: [{ content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP" }],
        modelVersion: "gemini-2.5-flash",
        createTime: when,
        usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 1, totalTokenCount: 13 },
      },
    ],
  ])("a bare %s", (_, line) => {
    expect(draftOf(line)).toMatchObject({
      createdAt: micros,
      output: "Hello",
      finishReason: "stop",
      usage: { inputUncached: 12, outputText: 1 },
    });
    expect(providerSource.score(line)).toBe(0.9);
  });

  test("batch results are marked as batch, and keep their failures", () => {
    expect(
      draftOf({
        id: "b1",
        custom_id: "r1",
        response: { status_code: 200, request_id: "x", body: chatResponse },
        error: null,
      }),
    ).toMatchObject({ id: "r1", isBatch: true, status: "ok", output: "Hello" });
    const anthropic = {
      custom_id: "r2",
      timestamp: when,
      result: {
        type: "succeeded",
        message: {
          type: "message",
          role: "assistant",
          model: "claude-sonnet-4-5",
          content: [{ type: "text", text: "Hi" }],
          stop_reason: "end_turn",
          usage: { input_tokens: 1, output_tokens: 1, service_tier: "batch" },
        },
      },
    };
    expect(draftOf(anthropic)).toMatchObject({ isBatch: true, serviceTier: "batch", output: "Hi" });
    const failed = {
      custom_id: "r3",
      timestamp: when,
      model: "claude-sonnet-4-5",
      result: {
        type: "errored",
        error: { type: "error", error: { type: "invalid_request_error", message: "max_tokens: required" } },
      },
    };
    expect(draftOf(failed)).toMatchObject({ status: "error", errorClass: "invalid_request" });
  });

  test("facts beside the bodies become columns", () => {
    const line = {
      request: { ...chatRequest, user: "u1", service_tier: "flex" },
      response: chatResponse,
      started_at: when,
      latency_ms: 812,
      ttft_ms: 100,
      request_id: "r1",
      attempt: 2,
      metadata: { session_id: "s1", tenant: "t1" },
      app: "search",
    };
    expect(draftOf(line)).toMatchObject({
      id: "r1#2",
      logicalId: "r1",
      attemptNo: 2,
      latencyMs: 812,
      ttftMs: 100,
      sessionId: "s1",
      tenant: "t1",
      user: "u1",
      app: "search",
      serviceTier: "flex",
    });
  });
});

describe("streams are put together", () => {
  const sse = (events: unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const anthropicEvents = [
    {
      type: "message_start",
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [],
        usage: { input_tokens: 3, cache_read_input_tokens: 10, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "lo" } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ];
  const amazon = (events: unknown[]) =>
    events
      .map(
        (event) =>
          `\u0000\u0000\u000b:event-type\u0007\u0000\u0005chunk\r:content-type\u0007\u0000\u0010application/json\r:message-type\u0007\u0000\u0005event${JSON.stringify(event)}\ufffd`,
      )
      .join("");
  const chunk = (delta: object, rest: object = {}) => ({
    object: "chat.completion.chunk",
    id: "c1",
    model: "gpt-4o",
    choices: [{ index: 0, delta, finish_reason: null }],
    ...rest,
  });
  const gemini = (text: string, rest: object = {}) => ({
    candidates: [{ content: { parts: [{ text }], role: "model" } }],
    modelVersion: "gemini-2.5-flash",
    ...rest,
  });
  const done = { choices: [], usage: { prompt_tokens: 13, completion_tokens: 2, total_tokens: 15 } };

  test.each<[string, unknown, number]>([
    [
      "OpenAI chat",
      `${sse([chunk({ role: "assistant", content: "" }), chunk({ content: "Hel" }), chunk({ content: "lo" }), chunk({}, { choices: [{ delta: {}, finish_reason: "stop" }] }), done])}data: [DONE]\n\n`,
      13,
    ],
    [
      "OpenAI chat without blank lines between events",
      [
        chunk({ content: "Hel" }),
        chunk({ content: "lo" }, { choices: [{ delta: { content: "lo" }, finish_reason: "stop" }] }),
        done,
      ]
        .map((event) => `data: ${JSON.stringify(event)}`)
        .join("\n"),
      13,
    ],
    [
      "OpenAI responses",
      sse([
        {
          type: "response.created",
          response: { id: "r", object: "response", model: "gpt-4o", output: [], usage: null },
        },
        { type: "response.output_text.delta", delta: "Hel" },
        { type: "response.output_text.done", text: "Hello" },
        {
          type: "response.completed",
          response: {
            object: "response",
            id: "r",
            model: "gpt-4o",
            status: "completed",
            output: [{ type: "message", content: [{ type: "output_text", text: "Hello" }] }],
            usage: { input_tokens: 13, output_tokens: 2, total_tokens: 15 },
          },
        },
      ]),
      13,
    ],
    [
      "Anthropic",
      anthropicEvents.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
      13,
    ],
    [
      "Anthropic behind Bedrock",
      amazon(
        anthropicEvents.map((event) => ({
          bytes: Buffer.from(JSON.stringify(event)).toString("base64"),
          p: "abc",
        })),
      ),
      13,
    ],
    [
      "Bedrock Converse",
      amazon([
        { role: "assistant", p: "a" },
        { contentBlockIndex: 0, delta: { text: "Hel" } },
        { contentBlockIndex: 0, delta: { text: "lo" } },
        { stopReason: "end_turn" },
        { metrics: { latencyMs: 638 }, usage: { inputTokens: 13, outputTokens: 2, totalTokens: 15 } },
      ]),
      13,
    ],
    [
      "Gemini, a list",
      JSON.stringify([
        gemini("Hel"),
        gemini("lo", {
          candidates: [{ content: { parts: [{ text: "lo" }] }, finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: 13, candidatesTokenCount: 2, totalTokenCount: 15 },
        }),
      ]),
      13,
    ],
    [
      "Gemini, events",
      sse([
        gemini("Hel"),
        gemini("lo", {
          candidates: [{ content: { parts: [{ text: "lo" }] }, finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: 13, candidatesTokenCount: 2 },
        }),
      ]),
      13,
    ],
    [
      "Ollama lines",
      [
        { model: "m", message: { role: "assistant", content: "Hel" }, done: false },
        { model: "m", message: { role: "assistant", content: "lo" }, done: false },
        {
          model: "m",
          message: { role: "assistant", content: "" },
          done: true,
          done_reason: "stop",
          prompt_eval_count: 13,
          eval_count: 2,
        },
      ]
        .map((event) => JSON.stringify(event))
        .join("\n"),
      13,
    ],
    [
      "Cohere v1 lines",
      [
        { event_type: "stream-start", generation_id: "g" },
        { event_type: "text-generation", text: "Hel" },
        { event_type: "text-generation", text: "lo" },
        {
          event_type: "stream-end",
          finish_reason: "COMPLETE",
          response: { text: "Hello", meta: { billed_units: { input_tokens: 13, output_tokens: 2 } } },
        },
      ]
        .map((event) => JSON.stringify(event))
        .join("\n"),
      13,
    ],
    [
      "Cohere v2",
      sse([
        { type: "message-start", id: "x", delta: { message: { role: "assistant" } } },
        { type: "content-delta", delta: { message: { content: { text: "Hel" } } } },
        { type: "content-delta", delta: { message: { content: { text: "lo" } } } },
        {
          type: "message-end",
          delta: {
            finish_reason: "COMPLETE",
            usage: { billed_units: { input_tokens: 13, output_tokens: 2 } },
          },
        },
      ]),
      13,
    ],
    [
      "a list of chunks",
      [
        chunk({ content: "Hel" }),
        chunk({}, { choices: [{ delta: { content: "lo" }, finish_reason: "stop" }] }),
        done,
      ],
      13,
    ],
  ])("%s", (_, response, input) => {
    const draft = draftOf({
      request: { model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] },
      response,
      timestamp: when,
    });
    expect(draft).toMatchObject({ output: "Hello", finishReason: "stop", isStream: true, status: "ok" });
    const usage = draft.usage!;
    expect([usage.inputUncached + usage.inputCacheRead, usage.outputText]).toEqual([input, 2]);
  });

  test("a stream that was cut is partial and keeps what came", () => {
    const cut = `${sse([chunk({ content: "Hel" })])}data: {"object":"chat.completion.ch`;
    expect(draftOf({ request: chatRequest, response: cut, timestamp: when })).toMatchObject({
      output: "Hel",
      status: "partial",
      usage: null,
      finishReason: null,
    });
  });

  test("an error inside a stream is partial after text and an error before it", () => {
    const failure = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const line = (events: unknown[]) => ({
      request: { model: "claude-sonnet-4-5", messages: [] },
      response: sse(events),
      timestamp: when,
    });
    expect(draftOf(line([...anthropicEvents.slice(0, 4), failure]))).toMatchObject({
      status: "partial",
      output: "Hel",
    });
    expect(draftOf(line([failure]))).toMatchObject({ status: "error", errorClass: "server" });
  });
});

describe("what is no row says why", () => {
  const request = chatRequest;
  test.each<[string, unknown, string, string]>([
    [
      "a GET",
      {
        method: "GET",
        url: "https://api.openai.com/v1/models",
        status: 200,
        response: { object: "list", data: [] },
      },
      "skipped",
      "not_an_llm_call",
    ],
    [
      "reranking",
      {
        method: "POST",
        url: "https://api.cohere.com/v2/rerank",
        request: { model: "r", query: "q", documents: [] },
        response: { results: [] },
      },
      "skipped",
      "not_an_llm_call",
    ],
    [
      "token counting",
      { method: "POST", path: "/v1/messages/count_tokens", request, response: { input_tokens: 3 } },
      "skipped",
      "not_an_llm_call",
    ],
    [
      "somebody else's API",
      { method: "POST", url: "https://example.com/cart", request: { sku: 1 }, response: { ok: true } },
      "skipped",
      "not_an_llm_call",
    ],
    [
      "a request alone",
      { custom_id: "r1", method: "POST", url: "/v1/chat/completions", body: request },
      "skipped",
      "empty_record",
    ],
    [
      "no time",
      { request, response: { ...chatResponse, created: undefined } },
      "quarantined",
      "missing_time",
    ],
    [
      "no model",
      { timestamp: when, request: { messages: [] }, response: { ...chatResponse, model: undefined } },
      "quarantined",
      "missing_model",
    ],
    [
      "no JSON",
      { timestamp: when, request, response: "<html>Bad Gateway</html>" },
      "quarantined",
      "undecodable_body",
    ],
    [
      "cut JSON",
      { timestamp: when, request, response: '{"id":"x","choices":[{"mess' },
      "quarantined",
      "undecodable_body",
    ],
    [
      "an unknown answer",
      { timestamp: when, request, response: { hello: 1 } },
      "quarantined",
      "unknown_schema",
    ],
    [
      "negative tokens",
      { request, response: { ...chatResponse, usage: { prompt_tokens: -1, completion_tokens: 1 } } },
      "quarantined",
      "negative_tokens",
    ],
    [
      "more cache than input",
      {
        request,
        response: {
          ...chatResponse,
          usage: {
            prompt_tokens: 1,
            completion_tokens: 1,
            total_tokens: 2,
            prompt_tokens_details: { cached_tokens: 9 },
          },
        },
      },
      "quarantined",
      "cache_exceeds_input",
    ],
    ["negative latency", { request, response: chatResponse, latency_ms: -5 }, "quarantined", "bad_latency"],
    ["a list", [1, 2], "quarantined", "unknown_schema"],
    ["a number", 7, "quarantined", "unknown_schema"],
  ])("%s", (_, line, kind, reason) => {
    expect(providerSource.map(line)).toMatchObject({ kind, reason });
  });

  test.each<[number | null, unknown, unknown, string]>([
    [429, { error: { message: "Rate limit reached", type: "requests" } }, undefined, "rate_limit"],
    [401, { error: { message: "Incorrect API key provided" } }, undefined, "auth"],
    [
      400,
      { error: { code: "context_length_exceeded", message: "maximum context length is 128000 tokens" } },
      undefined,
      "context_length",
    ],
    [
      400,
      { error: { message: "Unknown parameter", type: "invalid_request_error" } },
      undefined,
      "invalid_request",
    ],
    [500, "<html>Internal Server Error</html>", undefined, "server"],
    [504, null, undefined, "timeout"],
    [null, null, "ReadTimeout: timed out after 60s", "timeout"],
    [200, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, undefined, "server"],
  ])("a failed call is a row: %s %j", (status, response, error, errorClass) => {
    expect(draftOf({ timestamp: when, request, response, status, error })).toMatchObject({
      status: "error",
      errorClass,
      httpStatus: status,
      usage: null,
      modelRequested: "gpt-4o",
    });
  });
});

describe("prompts", () => {
  const row = (request: object) =>
    draftOf({ timestamp: when, request: { model: "gpt-4o", ...request }, response: chatResponse });

  test("base64 attachments become counted parts, wherever they stand", () => {
    const data = Buffer.alloc(300_000, 7).toString("base64");
    const draft = row({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: `see ![x](data:image/png;base64,${data})` },
            { type: "image_url", image_url: { url: `data:image/png;base64,${data}` } },
            { type: "image", source: { type: "base64", media_type: "image/jpeg", data } },
            { type: "input_audio", input_audio: { data, format: "wav" } },
            { type: "file", file: { file_data: `data:application/pdf;base64,${data}` } },
            { inlineData: { mimeType: "image/webp", data } },
            { image: { format: "png", source: { bytes: data } } },
          ],
        },
      ],
    });
    const parts = draft.prompt!.messages[0]!.content as { type: string; bytes?: number; text?: string }[];
    expect(parts.map(({ type }) => type)).toEqual([
      "text",
      "image",
      "image",
      "audio",
      "file",
      "image",
      "image",
    ]);
    expect(parts.slice(1).every(({ bytes }) => bytes === 300_000)).toBe(true);
    expect(JSON.stringify(draft.prompt).length).toBeLessThan(2_000);
    expect(parts[0]!.text).toMatch(/^see !\[x\]\(\[image\/png 300000 bytes sha256:[0-9a-f]{16}\]\)$/);
  });

  test("tool calls and their results are turns in one shape", () => {
    const called = {
      role: "assistant",
      content: "",
      tool_calls: [{ type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    };
    const sent = {
      ...called,
      content: null,
      tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: '{"a": 1}' } }],
    };
    const result = { role: "tool", content: "42" };
    const openai = row({
      messages: [{ role: "user", content: "Q" }, sent, { role: "tool", tool_call_id: "t1", content: "42" }],
    });
    const anthropic = row({
      messages: [
        { role: "user", content: "Q" },
        { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "f", input: { a: 1 } }] },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: "42" }] }],
        },
      ],
    });
    const gemini = row({
      contents: [
        { role: "user", parts: [{ text: "Q" }] },
        { role: "model", parts: [{ functionCall: { id: "t1", name: "f", args: { a: 1 } } }] },
        { role: "user", parts: [{ functionResponse: { name: "f", response: 42 } }] },
      ],
    });
    const responses = row({
      input: [
        { role: "user", content: [{ type: "input_text", text: "Q" }] },
        { type: "function_call", call_id: "t1", name: "f", arguments: '{"a":1}' },
        { type: "function_call_output", call_id: "t1", output: "42" },
      ],
    });
    for (const draft of [openai, anthropic, responses]) {
      expect(draft.prompt!.messages).toEqual([{ role: "user", content: "Q" }, called, result]);
    }
    expect(gemini.prompt!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  });

  test.each<[string, object, string | null, string]>([
    [
      "Anthropic system parts",
      { system: [{ type: "text", text: "S" }], messages: [{ role: "user", content: "Q" }] },
      "S",
      "Q",
    ],
    [
      "developer messages",
      {
        messages: [
          { role: "developer", content: "S" },
          { role: "user", content: "Q" },
        ],
      },
      "S",
      "Q",
    ],
    ["instructions", { instructions: "S", input: "Q" }, "S", "Q"],
    [
      "systemInstruction",
      { systemInstruction: { parts: [{ text: "S" }] }, contents: [{ parts: [{ text: "Q" }] }] },
      "S",
      "Q",
    ],
    ["Cohere's preamble and message", { preamble: "S", message: "Q", chat_history: [] }, "S", "Q"],
    ["a completion prompt", { prompt: "Q" }, null, "Q"],
    ["Titan's inputText", { inputText: "Q" }, null, "Q"],
  ])("%s", (_, request, system, user) => {
    expect(row(request).prompt).toEqual({ system, messages: [{ role: "user", content: user }] });
  });

  test("say when the logger left them out or cut them", () => {
    expect(row({ messages: [{ role: "user", content: "redacted-by-litellm" }] }).promptState).toBe(
      "redacted",
    );
    expect(row({ messages: [{ role: "user", content: "a long text...[truncated]" }] }).promptState).toBe(
      "truncated",
    );
    expect(row({}).promptState).toBe("none");
  });

  test("tools and structured output are seen in every spelling", () => {
    expect(
      row({ tools: [{ functionDeclarations: [{ name: "a" }, { name: "b" }] }], contents: [] }).tools,
    ).toHaveLength(2);
    expect(row({ toolConfig: { tools: [{ toolSpec: { name: "a" } }] }, messages: [] }).tools).toHaveLength(1);
    for (const request of [
      { response_format: { type: "json_schema" } },
      { text: { format: { type: "json_schema" } } },
      { generationConfig: { responseMimeType: "application/json" } },
      { format: "json" },
    ]) {
      expect(row(request).hasJsonSchema).toBe(true);
    }
    expect(row({ response_format: { type: "text" } }).hasJsonSchema).toBe(false);
  });
});

describe("models and providers", () => {
  test.each<[string, string, string, string, string]>([
    [
      "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-3-5-haiku-20241022-v1%3A0/invoke",
      "claude-3-5-haiku-20241022",
      "us.anthropic.claude-3-5-haiku-20241022-v1:0",
      "us.anthropic.claude-3-5-haiku-20241022-v1:0",
      "aws",
    ],
    [
      "https://x.openai.azure.com/openai/deployments/my-gpt/chat/completions?api-version=1",
      "gpt-4o-2024-08-06",
      "my-gpt",
      "gpt-4o-2024-08-06",
      "azure",
    ],
    [
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
      "gemini-2.5-flash",
      "gemini-2.5-flash",
      "gemini-2.5-flash",
      "google",
    ],
    ["http://localhost:4000/v1/chat/completions", "gpt-4o", "gpt-4o", "gpt-4o", "openai"],
    [
      "http://localhost:8000/v1/chat/completions",
      "meta-llama/Llama-3.2-1B",
      "meta-llama/Llama-3.2-1B",
      "meta-llama/Llama-3.2-1B",
      "local",
    ],
    ["http://127.0.0.1:11434/api/chat", "llama3.1", "llama3.1", "llama3.1", "ollama"],
  ])("%s", (url, answered, requested, served, provider) => {
    const isNamedByPath = /model\/|models\/|deployments\//.test(url);
    const request = {
      messages: [{ role: "user", content: "Hi" }],
      ...(isNamedByPath ? {} : { model: requested }),
    };
    expect(
      draftOf({ url, method: "POST", request, response: { ...chatResponse, model: answered } }),
    ).toMatchObject({ modelRequested: requested, modelServed: served, provider });
  });
});

test("any JSON value is mapped and scored without a throw", () => {
  const name = fc.constantFrom(
    "request",
    "response",
    "body",
    "messages",
    "content",
    "choices",
    "usage",
    "url",
    "status",
    "model",
    "timestamp",
    "delta",
    "message",
    "output",
    "type",
    "text",
    "tool_calls",
    "parts",
    "contents",
    "candidates",
    "custom_id",
    "result",
    "headers",
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.constantFrom(
        "data: {}",
        "constructor",
        "__proto__",
        "https://api.openai.com/v1/chat/completions",
        "tool_use",
        when,
        ":event-type:message-type{",
      ),
      fc.dictionary(name, tie("node"), { maxKeys: 6 }),
      fc.array(tie("node"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(node, (line) => {
      expect(["row", "quarantined", "skipped"]).toContain(providerSource.map(line).kind);
      const score = providerSource.score(line);
      expect(score >= 0 && score <= 1).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("hostile sizes are handled: nesting to 20,000, ten thousand turns, a 20 MB text", () => {
  let nested: unknown = "x";
  for (let depth = 0; depth < 20_000; depth++) nested = [nested];
  const line = (request: unknown) => ({ timestamp: when, request, response: chatResponse });
  expect(
    providerSource.map(line({ model: "gpt-4o", messages: [{ role: "user", content: nested }] })).kind,
  ).toBe("row");
  expect(
    providerSource.map(
      line({
        model: "gpt-4o",
        messages: [{ role: "assistant", tool_calls: [{ function: { name: "f", arguments: nested } }] }],
      }),
    ).kind,
  ).toBe("row");
  const turns = Array.from({ length: 10_000 }, (_, i) => ({
    role: i % 2 ? "assistant" : "user",
    content: "hi",
  }));
  expect(draftOf(line({ model: "gpt-4o", messages: turns })).prompt!.messages).toHaveLength(10_000);
  expect(
    draftOf(line({ model: "gpt-4o", messages: [{ role: "user", content: "a ".repeat(10_000_000) }] }))
      .promptState,
  ).toBe("full");
  expect(
    providerSource.map({
      timestamp: when,
      request: { model: "gpt-4o" },
      response: `{${" ".repeat(1_000_000)}`,
    }).kind,
  ).toBe("quarantined");
});
