import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  decodeAttributes,
  decodeId,
  decodeInt64,
  decodeNanos,
} from "../../../datasets/sources/otlp/attributes.js";
import { otlpSource } from "../../../datasets/sources/otlp.js";
import type { Mapped, RequestDraft } from "../../../datasets/sources/source.js";

type Attributes = Record<string, unknown>;

const start = 1_767_323_045_000_000_000n;

function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function list(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function span(attributes: Attributes, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    name: "call",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 2_500_000_000n),
    attributes: list(attributes),
    status: {},
    ...more,
  };
}

function exportLine(...spans: object[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: list({ "service.name": "shop" }) },
        scopeSpans: [{ scope: { name: "test" }, spans }],
      },
    ],
  };
}

function mapAll(line: unknown): Mapped[] {
  return (otlpSource.explode?.(line) ?? [line]).map((record) => otlpSource.map(record));
}

function draftOf(attributes: Attributes, more?: Record<string, unknown>): RequestDraft {
  const [mapped] = mapAll(exportLine(span(attributes, more)));
  if (mapped?.kind !== "row") throw new Error(`${mapped?.kind}: ${mapped?.reason} ${mapped?.detail}`);
  return mapped.draft;
}

const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5-mini" };

describe("otlpSource", () => {
  test("maps a span of the current conventions", () => {
    const draft = draftOf({
      ...chat,
      "gen_ai.provider.name": "azure.ai.openai",
      "gen_ai.response.model": "gpt-5-mini-2025-08-07",
      "gen_ai.conversation.id": "c-1",
      "gen_ai.system_instructions": '[{"type":"text","content":"Be brief."}]',
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]',
      "gen_ai.output.messages":
        '[{"role":"assistant","parts":[{"type":"text","content":"Hi."}],"finish_reason":"stop"}]',
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 40,
      "gen_ai.usage.cache_read.input_tokens": 20,
      "gen_ai.usage.cache_creation.input_tokens": 10,
      "gen_ai.usage.reasoning.output_tokens": 25,
      "gen_ai.response.time_to_first_chunk": 0.25,
      "gen_ai.request.stream": true,
      "gen_ai.request.max_tokens": -1,
      "user.id": "u-1",
    });
    expect(draft).toMatchObject({
      id: "5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174",
      sessionId: "c-1",
      user: "u-1",
      app: "shop",
      endpoint: "chat",
      createdAt: Number(start / 1000n),
      latencyMs: 2500,
      ttftMs: 250,
      modelRequested: "gpt-5-mini",
      modelServed: "gpt-5-mini-2025-08-07",
      provider: "azure",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "Hello" }] },
      promptState: "full",
      output: "Hi.",
      finishReason: "stop",
      usage: {
        inputUncached: 70,
        inputCacheRead: 20,
        inputCacheWrite5m: 10,
        outputText: 15,
        outputReasoning: 25,
      },
      isStream: true,
      maxTokens: null,
      status: "ok",
    });
  });

  test.each<[string, Attributes, object]>([
    [
      "old names",
      { "gen_ai.usage.prompt_tokens": 14, "gen_ai.usage.completion_tokens": 173 },
      { inputUncached: 14, outputText: 173 },
    ],
    [
      "OpenInference",
      {
        "llm.token_count.prompt": 50,
        "llm.token_count.completion": 5,
        "llm.token_count.prompt_details.cache_read": 40,
      },
      { inputUncached: 10, inputCacheRead: 40, outputText: 5 },
    ],
    [
      "the AI SDK",
      { "ai.usage.inputTokens": 50, "ai.usage.outputTokens": 5, "ai.usage.cachedInputTokens": 40 },
      { inputUncached: 10, inputCacheRead: 40 },
    ],
    [
      "Anthropic inside the AI SDK",
      {
        "gen_ai.usage.input_tokens": 5000,
        "gen_ai.usage.output_tokens": 200,
        "ai.response.providerMetadata":
          '{"anthropic":{"usage":{"input_tokens":5000,"cache_creation_input_tokens":3000,"cache_read_input_tokens":1500,"cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":1000}}}}',
      },
      {
        inputUncached: 5000,
        inputCacheRead: 1500,
        inputCacheWrite5m: 2000,
        inputCacheWrite1h: 1000,
        outputText: 200,
      },
    ],
    [
      "Bedrock inside the AI SDK",
      {
        "gen_ai.usage.input_tokens": 100,
        "ai.response.providerMetadata": '{"bedrock":{"usage":{"cacheReadInputTokens":5000}}}',
      },
      { inputUncached: 100, inputCacheRead: 5000 },
    ],
    [
      "Google's ADK",
      {
        "gcp.vertex.agent.llm_response":
          '{"usage_metadata":{"prompt_token_count":1000,"cached_content_token_count":800,"candidates_token_count":200,"total_token_count":1200}}',
      },
      { inputUncached: 200, inputCacheRead: 800, outputText: 200 },
    ],
    [
      "Langfuse",
      { "langfuse.observation.usage_details": '{"input":10,"output":5,"input_cached_tokens":90}' },
      { inputUncached: 10, inputCacheRead: 90, outputText: 5 },
    ],
    [
      "instrumentations that leave the cache out",
      {
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 1,
        "gen_ai.usage.cache_read_input_tokens": 90,
      },
      { inputUncached: 10, inputCacheRead: 90 },
    ],
    [
      "two spellings, one of them 0",
      {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_read_input_tokens": 20,
      },
      { inputUncached: 80, inputCacheRead: 20 },
    ],
    [
      "counts as text",
      { "gen_ai.usage.input_tokens": "174", "gen_ai.usage.output_tokens": "31" },
      { inputUncached: 174, outputText: 31 },
    ],
  ])("counts tokens of %s", (_, attributes, usage) => {
    expect(draftOf({ ...chat, ...attributes }).usage).toMatchObject(usage);
  });

  test.each<[string, Attributes]>([
    [
      "OpenLLMetry",
      {
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "S",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": "Q",
        "gen_ai.completion.0.content": "A",
      },
    ],
    [
      "OpenInference",
      {
        "llm.input_messages.0.message.role": "system",
        "llm.input_messages.0.message.content": "S",
        "llm.input_messages.1.message.role": "user",
        "llm.input_messages.1.message.contents.0.message_content.type": "text",
        "llm.input_messages.1.message.contents.0.message_content.text": "Q",
        "llm.output_messages.0.message.content": "A",
      },
    ],
    [
      "the AI SDK",
      {
        "ai.prompt.messages":
          '[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"Q"}]}]',
        "ai.response.text": "A",
      },
    ],
    [
      "Logfire",
      {
        request_data: '{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"}]}',
        response_data: '{"message":{"role":"assistant","content":"A"}}',
      },
    ],
    [
      "Google's ADK",
      {
        "gcp.vertex.agent.llm_request":
          '{"config":{"system_instruction":"S"},"contents":[{"role":"user","parts":[{"text":"Q"}]}]}',
        "gcp.vertex.agent.llm_response": '{"content":{"role":"model","parts":[{"text":"A"}]}}',
      },
    ],
    [
      "Genkit",
      {
        "genkit:input":
          '{"messages":[{"role":"system","content":[{"text":"S"}]},{"role":"user","content":[{"text":"Q"}]}]}',
        "genkit:output": '{"message":{"role":"model","content":[{"text":"A"}]}}',
      },
    ],
    [
      "Traceloop entities",
      {
        "traceloop.entity.input":
          '{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"}]}',
        "traceloop.entity.output": "A",
      },
    ],
  ])("reads prompt and answer of %s", (_, attributes) => {
    expect(draftOf({ ...chat, ...attributes })).toMatchObject({
      prompt: { system: "S", messages: [{ role: "user", content: "Q" }] },
      promptState: "full",
      output: "A",
    });
  });

  test("reads prompt and answer from events", () => {
    const events = [
      { name: "gen_ai.system.message", attributes: list({ content: "S" }) },
      { name: "gen_ai.user.message", attributes: list({ content: "Q" }) },
      {
        name: "gen_ai.choice",
        attributes: list({ index: 0, finish_reason: "stop", message: '{"role":"assistant","content":"A"}' }),
      },
    ];
    expect(draftOf(chat, { events })).toMatchObject({
      prompt: { system: "S", messages: [{ role: "user", content: "Q" }] },
      output: "A",
      finishReason: "stop",
    });
    const details = [
      {
        name: "gen_ai.client.inference.operation.details",
        attributes: list({
          "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Q"}]}]',
        }),
      },
    ];
    expect(draftOf(chat, { events: details }).prompt?.messages).toEqual([{ role: "user", content: "Q" }]);
  });

  test("says that a prompt was cut by an attribute length limit", () => {
    expect(
      draftOf({ ...chat, "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","con' }),
    ).toMatchObject({ prompt: null, promptState: "truncated" });
  });

  test.each<[string, Attributes, string]>([
    [
      "an agent",
      {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.request.model": "m",
        "gen_ai.usage.input_tokens": 1,
      },
      "not_a_leaf_span",
    ],
    ["a tool call", { "gen_ai.operation.name": "execute_tool" }, "not_an_llm_call"],
    [
      "an OpenInference chain",
      { "openinference.span.kind": "CHAIN", "llm.token_count.prompt": 1 },
      "not_a_leaf_span",
    ],
    [
      "the AI SDK's outer span",
      { "ai.operationId": "ai.generateText", "ai.usage.inputTokens": 1, "ai.model.id": "m" },
      "not_a_leaf_span",
    ],
    ["the AI SDK's tool call", { "ai.operationId": "ai.toolCall" }, "not_an_llm_call"],
    [
      "a Traceloop workflow",
      { "traceloop.span.kind": "workflow", "traceloop.entity.input": "{}" },
      "not_a_leaf_span",
    ],
    [
      "a Pydantic AI run",
      { agent_name: "a", model_name: "m", "gen_ai.usage.input_tokens": 1, final_result: "x" },
      "not_a_leaf_span",
    ],
    ["an HTTP request", { "http.request.method": "POST" }, "not_an_llm_call"],
  ])("skips %s", (_, attributes, reason) => {
    expect(mapAll(exportLine(span(attributes)))).toMatchObject([{ kind: "skipped", reason }]);
  });

  test("counts a call once when spans around it repeat its usage", () => {
    const usage = { ...chat, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1 };
    const outer = span(usage, { spanId: "aaaaaaaaaaaaaaa1" });
    const between = span(
      { "http.request.method": "POST" },
      { spanId: "aaaaaaaaaaaaaaa2", parentSpanId: "aaaaaaaaaaaaaaa1" },
    );
    const inner = span(usage, { spanId: "aaaaaaaaaaaaaaa3", parentSpanId: "aaaaaaaaaaaaaaa2" });
    const without = span(chat, { spanId: "aaaaaaaaaaaaaaa4", parentSpanId: "aaaaaaaaaaaaaaa3" });
    const failed = span(chat, {
      spanId: "aaaaaaaaaaaaaaa5",
      parentSpanId: "aaaaaaaaaaaaaaa3",
      status: { code: 2 },
    });
    const mapped = mapAll(exportLine(outer, between, inner, without, failed));
    expect(mapped.map((item) => (item.kind === "row" ? item.draft.status : item.reason))).toEqual([
      "not_a_leaf_span",
      "not_an_llm_call",
      "ok",
      "not_an_llm_call",
      "error",
    ]);
  });

  test("survives spans that are their own ancestors", () => {
    const a = span(chat, { spanId: "aaaaaaaaaaaaaaa1", parentSpanId: "aaaaaaaaaaaaaaa2" });
    const b = span(chat, { spanId: "aaaaaaaaaaaaaaa2", parentSpanId: "aaaaaaaaaaaaaaa1" });
    expect(mapAll(exportLine(a, b))).toHaveLength(2);
  });

  test("maps a failure with its class", () => {
    expect(
      draftOf({ ...chat, "error.type": "429" }, { status: { code: 2, message: "HTTP 429" } }),
    ).toMatchObject({ status: "error", httpStatus: 429, errorClass: "rate_limit", usage: null });
  });

  test("reads log records that describe a call, and gives them the span's id", () => {
    const record = {
      timeUnixNano: String(start),
      traceId: "5b8efff798038103d269b633813fc60c",
      spanId: "eee19b7ec3c1b174",
      eventName: "gen_ai.client.inference.operation.details",
      attributes: list({ ...chat, "gen_ai.usage.input_tokens": 3 }),
    };
    const line = {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [record, { ...record, eventName: "gen_ai.user.message" }] }] },
      ],
    };
    const [call, message] = mapAll(line);
    expect(call).toMatchObject({
      kind: "row",
      draft: { id: "5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174", usage: { inputUncached: 3 } },
    });
    expect(message).toMatchObject({ kind: "skipped", reason: "not_an_llm_call" });
  });

  test("reads a console exporter's span", () => {
    const line = {
      name: "chat m",
      context: { trace_id: "0x5b8efff798038103d269b633813fc60c", span_id: "0xeee19b7ec3c1b174" },
      start_time: "2026-01-02T03:04:05.000000Z",
      end_time: "2026-01-02T03:04:06.000000Z",
      status: { status_code: "UNSET" },
      attributes: { ...chat, "gen_ai.usage.input_tokens": 3 },
    };
    expect(otlpSource.score(line)).toBeGreaterThan(0.5);
    expect(mapAll(line)).toMatchObject([
      {
        kind: "row",
        draft: { latencyMs: 1000, createdAt: Number(start / 1000n), usage: { inputUncached: 3 } },
      },
    ]);
  });

  test("accounts for an export without spans", () => {
    expect(mapAll({ resourceSpans: [] })).toMatchObject([{ kind: "skipped", reason: "empty_record" }]);
    expect(mapAll({ resourceMetrics: [{}] })).toMatchObject([{ kind: "skipped", reason: "empty_record" }]);
  });

  test("decodes values in every spelling", () => {
    expect(
      decodeAttributes([
        { key: "a", value: { kvlistValue: { values: [{ key: "b", value: { int_value: "7" } }] } } },
        { key: "__proto__", value: { stringValue: "x" } },
      ]),
    ).toMatchObject({ a: { b: 7 } });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(decodeInt64({ low: -1, high: -1, unsigned: false })).toBe(-1);
    expect(decodeInt64({ low: 0, high: 1, unsigned: true })).toBe(2 ** 32);
    expect(decodeNanos({ low: 466848096, high: 406528574, unsigned: true })).toBe(1746026930686364);
    expect(decodeNanos(1_000_000_000)).toBeNull();
    expect(decodeId("W47/95gDgQPSabYzgT/GDA==", 16)).toBe("5b8efff798038103d269b633813fc60c");
    expect(decodeId({ type: "Buffer", data: [0, 0, 0, 0, 0, 0, 1, 255] }, 8)).toBe("00000000000001ff");
    expect(decodeId("0000000000000000", 8)).toBeNull();
  });
});

const samples = join(
  process.env.SIGNALBOX_DATA ?? "../shared/data",
  "logs/otlp-json/langfuse_otel_mapping.otlp.jsonl",
);

describe.skipIf(!existsSync(samples))(`otlpSource on ${samples}`, () => {
  const lines = existsSync(samples)
    ? readFileSync(samples, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const records = lines.flatMap((line) => otlpSource.explode?.(line) ?? [line]);

  test("explains each span of the 231 lines", () => {
    const counts: Record<string, number> = {};
    for (const record of records) {
      const mapped = otlpSource.map(record);
      const what = mapped.kind === "row" ? "row" : mapped.reason;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    expect(lines).toHaveLength(231);
    expect(counts).toEqual({ row: 103, not_a_leaf_span: 12, not_an_llm_call: 121 });
  });

  test("loses no span that counts tokens, but those around calls", () => {
    const counting =
      /gen_ai\.usage\.(input|output|prompt|completion|total|reasoning)|llm\.token_count|"ai\.usage\.|observation\.usage_details|cacheReadInputTokens/;
    for (const line of lines.filter((line) => counting.test(JSON.stringify(line)))) {
      const kinds = mapAll(line).map((mapped) => (mapped.kind === "row" ? "row" : mapped.reason));
      expect(kinds.some((kind) => kind === "row" || kind === "not_a_leaf_span")).toBe(true);
    }
  });
});
