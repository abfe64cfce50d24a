import { describe, expect, test } from "vitest";
import { canonicalSource } from "../../../datasets/sources/canonical.js";
import type { RequestDraft } from "../../../datasets/sources/source.js";
import { unknownDraft } from "../../../datasets/sources/source.js";
import { validateDraft } from "../../../datasets/sources/validate-draft.js";
import { settleUsage } from "../../../datasets/tokens/settle-usage.js";

const friendly = {
  id: "r-1",
  created_at: "2026-01-02T03:04:05.678901Z",
  model: "gpt-5-mini",
  prompt: "Hello",
  response: "Hi.",
  input_tokens: 12,
  output_tokens: 3,
  cost_usd: 0.001,
};
const createdAt = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 678_901;

function draftOf(row: unknown): RequestDraft {
  const mapped = canonicalSource.map(row);
  if (mapped.kind !== "row") throw new Error(`${mapped.kind}: ${mapped.reason} ${mapped.detail}`);
  return mapped.draft;
}

describe("canonicalSource", () => {
  test("maps everyday names", () => {
    expect(draftOf(friendly)).toMatchObject({
      id: "r-1",
      createdAt,
      modelServed: "gpt-5-mini",
      prompt: { system: null, messages: [{ role: "user", content: "Hello" }] },
      promptState: "full",
      output: "Hi.",
      usage: { inputUncached: 12, outputText: 3 },
      costReportedUsd: 0.001,
      status: "ok",
    });
  });

  test("asks for a time and a model alone", () => {
    expect(draftOf({ created_at: 1_767_323_045, model: "m" })).toEqual({
      ...unknownDraft,
      createdAt: 1_767_323_045_000_000,
      modelServed: "m",
      modelRequested: "m",
    });
  });

  test("maps the request log's own columns", () => {
    const row = {
      request_id: "r",
      created_at: createdAt,
      model: "m",
      model_requested: "fast",
      system_text: "Be brief.",
      history_json: '[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]',
      user_text: "c",
      content_state: "redacted",
      input_total_tokens: 110,
      input_cache_read_tokens: 100,
      output_total_tokens: 5,
      output_reasoning_tokens: 2,
      status: "error",
      error_class: "timeout",
      is_stream: "t",
      latency_ms: "12.5",
    };
    expect(canonicalSource.score(row)).toBeGreaterThan(0.9);
    expect(draftOf(row)).toMatchObject({
      createdAt,
      modelRequested: "fast",
      prompt: { system: "Be brief.", messages: [{ content: "a" }, { content: "b" }, { content: "c" }] },
      promptState: "redacted",
      usage: { inputUncached: 10, inputCacheRead: 100, outputText: 3, outputReasoning: 2 },
      status: "error",
      errorClass: "timeout",
      isStream: true,
      latencyMs: 12.5,
    });
  });

  test.each([
    ["an answer without its count", { output_tokens: null }],
    ["a prompt without its count", { input_tokens: null }],
  ])("does not take the count of %s for zero", (_, change) => {
    const draft = draftOf({ ...friendly, ...change });
    expect(settleUsage(draft)).toBeNull();
    expect(draft.usageRaw).not.toBeNull();
  });

  test("takes input alone for the whole usage of a call that answers with no text", () => {
    const draft = draftOf({
      ...friendly,
      output_tokens: null,
      response: null,
      model: "text-embedding-3-small",
    });
    expect(settleUsage(draft)).toMatchObject({ inputUncached: 12, outputText: 0 });
  });

  test.each([
    ["the request log's own", { output_total_tokens: 20 }],
    ["the request log's own, of its cache too", { input_cache_read_tokens: 3, output_total_tokens: 20 }],
    ["everyday", { output_tokens: 20 }],
  ])("an output without its input is no usage, in %s columns", (_, counts) => {
    const { input_tokens: _input, output_tokens: _output, ...rest } = friendly;
    const draft = draftOf({ ...rest, ...counts });
    expect(draft.usage).toBeNull();
    expect(draft.usageRaw).toMatchObject({ completion_tokens: 20 });
  });

  test("takes the sides from the request log's columns and everyday ones together", () => {
    const { usage } = draftOf({ ...friendly, input_cache_read_tokens: 2 });
    expect(usage).toMatchObject({ inputUncached: 10, inputCacheRead: 2, outputText: friendly.output_tokens });
  });

  test("reads a row of CSV, all of it text", () => {
    const text = Object.fromEntries(Object.entries(friendly).map(([name, value]) => [name, String(value)]));
    expect(draftOf(text)).toEqual(draftOf(friendly));
  });

  test("takes a conversation for a prompt", () => {
    const messages = [
      { role: "system", content: "s" },
      { role: "user", content: "u" },
    ];
    const expected = { system: "s", messages: [{ role: "user", content: "u" }] };
    expect(draftOf({ ...friendly, messages }).prompt).toEqual(expected);
    expect(draftOf({ ...friendly, prompt: JSON.stringify(messages) }).prompt).toEqual(expected);
  });

  test.each([
    [{ created_at: "yesterday" }, "missing_time"],
    [{ input_tokens: -1 }, "negative_tokens"],
    [{ output_tokens: "many" }, "bad_value"],
    [{ cached_tokens: 13 }, "cache_exceeds_input"],
    [{ input_total_tokens: 1, input_cache_read_tokens: 2 }, "cache_exceeds_input"],
    [{ input_total_tokens: 5, input_uncached_tokens: 2 }, "bad_value"],
    [{ status: "weird" }, "bad_value"],
    [{ latency_ms: "soon" }, "bad_value"],
  ])("quarantines %j as %s", (change, reason) => {
    expect(canonicalSource.map({ ...friendly, ...change })).toMatchObject({ kind: "quarantined", reason });
  });
});

describe("validateDraft", () => {
  const good: RequestDraft = { ...unknownDraft, createdAt, modelServed: "m" };
  const clock = { nowUs: createdAt };
  const usage = {
    inputUncached: 1,
    inputCacheRead: 0,
    inputCacheWrite5m: 0,
    inputCacheWrite1h: 0,
    outputText: 1,
    outputReasoning: 0,
    inputAudio: null,
    inputImage: null,
    outputAudio: null,
  };

  test("passes what is fit to store", () => {
    expect(validateDraft(good, clock)).toBeNull();
    expect(validateDraft({ ...good, usage, latencyMs: 0, costReportedUsd: 0 }, clock)).toBeNull();
    expect(validateDraft({ ...good, createdAt: createdAt + 3_600_000_000 }, clock)).toBeNull();
  });

  test.each<[Partial<RequestDraft>, string]>([
    [{ createdAt: null }, "missing_time"],
    [{ createdAt: createdAt + 2 * 86_400_000_000 }, "future_time"],
    [{ modelServed: null }, "missing_model"],
    [{ latencyMs: -3 }, "bad_latency"],
    [{ ttftMs: Number.NaN }, "bad_latency"],
    [{ usage: { ...usage, outputText: -1 } }, "negative_tokens"],
    [{ usage: { ...usage, inputUncached: 0.5 } }, "bad_value"],
    [{ usage: { ...usage, inputUncached: 1e12 } }, "bad_value"],
    [{ costReportedUsd: -1 }, "bad_value"],
    [{ feedbackScore: 7 }, "bad_value"],
  ])("refuses %j as %s", (change, reason) => {
    expect(validateDraft({ ...good, ...change }, clock)?.reason).toBe(reason);
  });
});
