import { describe, expect, test } from "vitest";
import { bedrockSource } from "../../../datasets/sources/bedrock.js";
import type { RequestDraft } from "../../../datasets/sources/source.js";

const converse = {
  timestamp: "2026-01-17T01:09:56Z",
  accountId: "123456789012",
  region: "us-east-1",
  requestId: "r-1",
  operation: "ConverseStream",
  modelId: "global.anthropic.claude-haiku-4-5-20251001-v1:0",
  identity: { arn: "arn:aws:sts::123456789012:assumed-role/chat-service/i-1" },
  input: {
    inputContentType: "application/json",
    inputBodyJson: {
      system: [{ text: "Be brief." }],
      messages: [{ role: "user", content: [{ text: "Hello" }] }],
      inferenceConfig: { temperature: 0.7, maxTokens: 100 },
    },
    inputTokenCount: 22,
    cacheReadInputTokenCount: 2492,
    cacheWriteInputTokenCount: 13,
  },
  output: {
    outputBodyJson: {
      output: { message: { role: "assistant", content: [{ text: "Hi." }] } },
      stopReason: "end_turn",
      metrics: { latencyMs: 858 },
      usage: { inputTokens: 22, outputTokens: 89 },
    },
    outputTokenCount: 89,
  },
  schemaType: "ModelInvocationLog",
  schemaVersion: "1.0",
};

function draftOf(record: unknown): RequestDraft {
  const mapped = bedrockSource.map(record);
  if (mapped.kind !== "row") throw new Error(`${mapped.kind}: ${mapped.reason} ${mapped.detail}`);
  return mapped.draft;
}

function invoke(inputBodyJson: unknown, outputBodyJson: unknown, operation = "InvokeModel"): RequestDraft {
  return draftOf({
    ...converse,
    operation,
    input: { inputBodyJson, inputTokenCount: 5 },
    output: { outputBodyJson, outputTokenCount: 2 },
  });
}

describe("bedrockSource", () => {
  test("maps a Converse call; the input count leaves out the cache", () => {
    expect(draftOf(converse)).toMatchObject({
      id: "r-1",
      tenant: "123456789012",
      app: "chat-service",
      endpoint: "converse",
      createdAt: Date.UTC(2026, 0, 17, 1, 9, 56) * 1000,
      latencyMs: 858,
      provider: "aws",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "Hello" }] },
      output: "Hi.",
      finishReason: "stop",
      usage: { inputUncached: 22, inputCacheRead: 2492, inputCacheWrite5m: 13, outputText: 89 },
      isStream: true,
      temperature: 0.7,
      maxTokens: 100,
    });
  });

  test.each([
    ["ThrottlingException", "rate_limit"],
    ["ValidationException", "invalid_request"],
    ["AccessDeniedException", "auth"],
    ["ModelTimeoutException", "timeout"],
    ["InternalServerException", "server"],
  ])("keeps a call that failed with %s as an error row without tokens", (errorCode, errorClass) => {
    const { input: _input, output: _output, ...rest } = converse;
    expect(draftOf({ ...rest, errorCode })).toMatchObject({
      status: "error",
      errorClass,
      usage: null,
      httpStatus: null,
      latencyMs: null,
    });
  });

  test.each([
    [
      "Anthropic",
      { messages: [{ role: "user", content: "Hello" }], max_tokens: 9 },
      {
        content: [{ type: "text", text: "Hi." }],
        role: "assistant",
        type: "message",
        stop_reason: "end_turn",
      },
      "stop",
    ],
    [
      "Titan",
      { inputText: "Hello" },
      { results: [{ outputText: "Hi.", completionReason: "FINISH", tokenCount: 2 }] },
      "stop",
    ],
    [
      "Llama",
      { prompt: "Hello" },
      { generation: "Hi.", stop_reason: "length", generation_token_count: 2 },
      "length",
    ],
    [
      "Nova",
      { messages: [{ role: "user", content: [{ text: "Hello" }] }] },
      { output: { message: { role: "assistant", content: [{ text: "Hi." }] } }, stopReason: "max_tokens" },
      "length",
    ],
    ["Mistral", { prompt: "Hello" }, { outputs: [{ text: "Hi.", stop_reason: "stop" }] }, "stop"],
  ])("reads InvokeModel bodies of %s", (_, input, output, finish) => {
    expect(invoke(input, output)).toMatchObject({
      endpoint: "invoke",
      prompt: { messages: [{ role: "user", content: "Hello" }] },
      output: "Hi.",
      finishReason: finish,
      usage: { inputUncached: 5, outputText: 2 },
    });
  });

  test("puts the chunks of a stream together", () => {
    const chunks = [
      { type: "message_start", message: { role: "assistant", model: "claude", usage: { input_tokens: 5 } } },
      { type: "content_block_delta", delta: { type: "text_delta", text: "Hi" } },
      { type: "content_block_delta", delta: { type: "text_delta", text: " there." } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    ];
    expect(
      invoke({ messages: [{ role: "user", content: "Hello" }] }, chunks, "InvokeModelWithResponseStream"),
    ).toMatchObject({ output: "Hi there.", finishReason: "stop", isStream: true });
  });

  test.each([
    ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"],
    [
      "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0",
      "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ],
    ["arn:aws:bedrock:us-east-1:1:application-inference-profile/abc123", "claude-haiku-4-5"],
    ["amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"],
  ])("finds the model behind %s", (modelId, served) => {
    const output = {
      outputBodyJson: { model: "claude-haiku-4-5", type: "message", role: "assistant", content: [] },
      outputTokenCount: 1,
    };
    expect(draftOf({ ...converse, modelId, output })).toMatchObject({
      modelRequested: modelId,
      modelServed: served,
    });
  });

  test("has no prompt when the body lies in S3", () => {
    expect(
      draftOf({ ...converse, input: { inputBodyS3Path: "s3://b/k", inputTokenCount: 9 } }),
    ).toMatchObject({ prompt: null, promptState: "none", usage: { inputUncached: 9 } });
  });

  test("unwraps CloudWatch events", () => {
    const message = JSON.stringify(converse);
    expect(bedrockSource.score({ timestamp: 1, message })).toBe(1);
    expect(bedrockSource.explode?.({ events: [{ message }, { message }] })).toHaveLength(2);
    expect(bedrockSource.explode?.({ "@timestamp": "x", "@message": message })).toEqual([converse]);
  });

  test("skips operations that are no model call", () => {
    expect(bedrockSource.map({ ...converse, operation: "CountTokens" })).toMatchObject({
      kind: "skipped",
      reason: "not_an_llm_call",
    });
  });
});
