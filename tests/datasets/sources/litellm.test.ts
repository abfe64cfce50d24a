import { describe, expect, test } from "vitest";
import { litellmSource } from "../../../datasets/sources/litellm.js";
import type { RequestDraft } from "../../../datasets/sources/source.js";

/** A SpendLogs row as COPY and the API give it: JSON in text columns, Python's words, times without a zone. */
const spendRow = {
  request_id: "chatcmpl-1",
  session_id: "s-1",
  call_type: "acompletion",
  cache_hit: "None",
  startTime: "2026-01-24 09:20:46.847371",
  endTime: "2026-01-24 09:20:48.847371",
  completionStartTime: "2026-01-24 09:20:47.347371",
  model: "claude-sonnet-4-5",
  model_group: "smart",
  end_user: "",
  user: "u-1",
  team_id: "team-7",
  metadata: JSON.stringify({
    usage_object: {
      prompt_tokens: 1110,
      completion_tokens: 20,
      total_tokens: 1130,
      prompt_tokens_details: { cached_tokens: 1000 },
      cache_creation_input_tokens: 100,
      cache_read_input_tokens: 1000,
    },
    model_map_information: { model_map_key: "claude-sonnet-4-5" },
    user_api_key_alias: "support-bot",
    attempted_retries: 2,
    attempted_fallbacks: 1,
    original_model_group: "smartest",
  }),
  spend: 0.000225,
  total_tokens: 1130,
  prompt_tokens: 1110,
  completion_tokens: 20,
  request_tags: '["User-Agent: openai","prod"]',
  api_base: "https://api.anthropic.com/v1/messages",
  custom_llm_provider: "anthropic",
  messages: "{}",
  response: "{}",
  proxy_server_request: JSON.stringify({
    model: "smart",
    max_tokens: 50,
    temperature: 0.5,
    stream: true,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ],
  }),
  status: "success",
};

const payload = {
  id: "chatcmpl-2",
  trace_id: "t-1",
  call_type: "acompletion",
  stream: false,
  status: "success",
  custom_llm_provider: "bedrock",
  startTime: 1_769_246_446.5,
  endTime: 1_769_246_447.75,
  completionStartTime: 1_769_246_447.75,
  model: "anthropic.claude-haiku-4-5-20251001-v1:0",
  model_group: "cheap",
  response_cost: 0.001,
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  metadata: { user_api_key_team_alias: "blue" },
  cache_hit: true,
  messages: [{ role: "user", content: "Hello, world!" }],
  response: {
    model: "claude-haiku-4-5",
    choices: [{ finish_reason: "length", message: { role: "assistant", content: "hi" } }],
  },
  model_parameters: { max_tokens: 5, response_format: { type: "json_object" } },
  hidden_params: {},
};

function draftOf(row: unknown): RequestDraft {
  const mapped = litellmSource.map(row);
  if (mapped.kind !== "row") throw new Error(`${mapped.kind}: ${mapped.reason} ${mapped.detail}`);
  return mapped.draft;
}

describe("litellmSource", () => {
  test("maps a SpendLogs row, its JSON columns included", () => {
    expect(draftOf(spendRow)).toMatchObject({
      id: "chatcmpl-1",
      sessionId: "s-1",
      attemptNo: 4,
      tenant: "team-7",
      user: "u-1",
      app: "support-bot",
      endpoint: "chat",
      createdAt: Date.UTC(2026, 0, 24, 9, 20, 46) * 1000 + 847_371,
      latencyMs: 2000,
      ttftMs: 500,
      modelRequested: "smartest",
      modelServed: "claude-sonnet-4-5",
      provider: "anthropic",
      gateway: "litellm",
      prompt: { system: "Be brief.", messages: [{ role: "user", content: "Hello" }] },
      promptState: "full",
      costReportedUsd: 0.000225,
      status: "ok",
      cacheStatus: null,
      isStream: true,
      maxTokens: 50,
      temperature: 0.5,
    });
  });

  test("takes cache reads and writes out of prompt_tokens, for Anthropic too", () => {
    expect(draftOf(spendRow).usage).toMatchObject({
      inputUncached: 10,
      inputCacheRead: 1000,
      inputCacheWrite5m: 100,
      outputText: 20,
    });
  });

  test("adds the cache on top where a row of an old release holds more of it than input", () => {
    const metadata = JSON.stringify({ usage_object: { cache_read_input_tokens: 1000 } });
    expect(draftOf({ ...spendRow, prompt_tokens: 10, metadata }).usage).toMatchObject({
      inputUncached: 10,
      inputCacheRead: 1000,
    });
  });

  test("maps a StandardLoggingPayload", () => {
    expect(draftOf(payload)).toMatchObject({
      id: "chatcmpl-2",
      sessionId: "t-1",
      tenant: "blue",
      latencyMs: 1250,
      ttftMs: null,
      modelRequested: "cheap",
      modelServed: "claude-haiku-4-5",
      provider: "aws",
      output: "hi",
      finishReason: "length",
      cacheStatus: "hit",
      maxTokens: 5,
      hasJsonSchema: true,
      costReportedUsd: 0.001,
    });
  });

  test("reads a row of CSV, all of it text", () => {
    const text = Object.fromEntries(
      Object.entries(spendRow).map(([name, value]) => [name, value === "" ? null : String(value)]),
    );
    expect(draftOf(text)).toEqual({ ...draftOf(spendRow), user: "u-1" });
  });

  test("keeps a failed attempt as an error without tokens", () => {
    const failed = {
      ...payload,
      status: "failure",
      prompt_tokens: 0,
      completion_tokens: 0,
      response: {},
      error_information: { error_code: "429", error_class: "RateLimitError" },
    };
    expect(draftOf(failed)).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
      httpStatus: 429,
      usage: null,
    });
  });

  test("calls an interrupted stream partial and counts it", () => {
    expect(draftOf({ ...payload, status: "failure" })).toMatchObject({
      status: "partial",
      usage: { outputText: 5 },
    });
  });

  test("says when LiteLLM removed or cut the prompt", () => {
    expect(
      draftOf({ ...payload, messages: [{ role: "user", content: "redacted-by-litellm" }] }),
    ).toMatchObject({ prompt: null, promptState: "redacted" });
    expect(
      draftOf({
        ...payload,
        messages: [{ role: "user", content: "a... (litellm_truncated skipped 900 chars) ...b" }],
      }).promptState,
    ).toBe("truncated");
    expect(draftOf({ ...spendRow, proxy_server_request: "{}" })).toMatchObject({
      prompt: null,
      promptState: "none",
    });
  });

  test("skips what is no language model call", () => {
    expect(litellmSource.map({ ...payload, call_type: "aimage_generation" })).toMatchObject({
      kind: "skipped",
      reason: "not_an_llm_call",
    });
  });

  test("finds the rows in a page of the API", () => {
    const page = { data: [spendRow, spendRow], total: 2, page: 1 };
    expect(litellmSource.score(page)).toBe(1);
    expect(litellmSource.explode?.(page)).toHaveLength(2);
  });

  test("quarantines negative counts", () => {
    expect(litellmSource.map({ ...payload, prompt_tokens: -1 })).toMatchObject({
      kind: "quarantined",
      reason: "negative_tokens",
    });
  });
});
