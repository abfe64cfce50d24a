import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { detectSource } from "../../../datasets/sources/detect.js";
import { sources } from "../../../datasets/sources/index.js";
import { openrouterSource } from "../../../datasets/sources/openrouter.js";
import { draftOf, mapRecords } from "../../support/map-records.js";

/** A row of the activity export: all text, empty fields null. */
const row = {
  generation_id: "gen-1760000000-abc",
  created_at: "2026-05-12 08:30:01.250",
  cost_total: "0.00412",
  cost_web_search: "0",
  cost_cache: "-0.0011",
  cost_file_processing: "0",
  byok_usage_inference: "0",
  tokens_prompt: "1200",
  tokens_completion: "300",
  tokens_reasoning: "120",
  tokens_cached: "1000",
  model_permaslug: "anthropic/claude-4.5-sonnet-20250929",
  provider_name: "Anthropic",
  variant: "standard",
  cancelled: "false",
  streamed: "true",
  user: null,
  finish_reason_raw: "end_turn",
  finish_reason_normalized: "stop",
  generation_time_ms: "4210",
  time_to_first_token_ms: "640",
  api_key_disabled: "false",
  api_key_name: "prod",
  app_name: "Helpdesk",
};

const generation = {
  id: "gen-1",
  total_cost: 0.0015,
  usage: 0.0015,
  is_byok: false,
  upstream_inference_cost: null,
  created_at: "2026-07-15T23:33:19.433273+00:00",
  model: "google/gemini-2.5-flash",
  router: null,
  streamed: true,
  cancelled: false,
  provider_name: "Google",
  latency: 1250,
  generation_time: 1200,
  finish_reason: "stop",
  native_finish_reason: "STOP",
  tokens_prompt: 90,
  tokens_completion: 25,
  native_tokens_prompt: 100,
  native_tokens_completion: 30,
  native_tokens_reasoning: 5,
  native_tokens_cached: 40,
  external_user: "u-1",
  api_type: "completions",
  service_tier: "priority",
  session_id: "s-1",
};

describe("openrouterSource", () => {
  test("maps a row of the activity export", () => {
    expect(openrouterSource.score(row)).toBe(1);
    expect(draftOf(openrouterSource, row)).toMatchObject({
      id: "gen-1760000000-abc",
      apiKey: "prod",
      app: "Helpdesk",
      createdAt: Date.UTC(2026, 4, 12, 8, 30, 1, 250) * 1000,
      latencyMs: 4210,
      ttftMs: 640,
      modelServed: "anthropic/claude-4.5-sonnet-20250929",
      provider: "openrouter",
      gateway: "openrouter",
      usage: { inputUncached: 200, inputCacheRead: 1000, outputText: 180, outputReasoning: 120 },
      costReportedUsd: 0.00412,
      status: "ok",
      finishReason: "stop",
      isStream: true,
    });
  });

  test("bills a generation by its native tokens", () => {
    expect(draftOf(openrouterSource, { data: generation })).toMatchObject({
      id: "gen-1",
      sessionId: "s-1",
      user: "u-1",
      endpoint: "chat",
      createdAt: Date.UTC(2026, 6, 15, 23, 33, 19, 433) * 1000 + 273,
      latencyMs: 1250,
      ttftMs: null,
      modelServed: "google/gemini-2.5-flash",
      usage: { inputUncached: 60, inputCacheRead: 40, outputText: 25, outputReasoning: 5 },
      serviceTier: "priority",
      costReportedUsd: 0.0015,
    });
  });

  test("takes a latency shorter than the generation for the wait for the first token", () => {
    const draft = draftOf(openrouterSource, { ...generation, latency: 480, generation_time: 2600 });
    expect([draft.latencyMs, draft.ttftMs]).toEqual([2600, 480]);
  });

  test.for<[string, unknown, number | null]>([
    [
      "with a known inference cost: both",
      { ...generation, is_byok: true, usage: 0.0001, total_cost: 0.0001, upstream_inference_cost: 0.002 },
      0.0021,
    ],
    ["with an unknown inference cost: unknown", { ...generation, is_byok: true, total_cost: 0.0001 }, null],
    ["in the activity export: both", { ...row, cost_total: "0.0001", byok_usage_inference: "0.002" }, 0.0021],
  ])("does not take the fee of a request with an own key for its cost, %s", ([, record, expected]) => {
    const cost = draftOf(openrouterSource, record).costReportedUsd;
    if (expected === null) expect(cost).toBeNull();
    else expect(cost).toBeCloseTo(expected, 12);
  });

  test.for<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a cancelled stream", { cancelled: "true", finish_reason_normalized: null }, { status: "cancelled" }],
    [
      "a failure",
      { finish_reason_normalized: "error", tokens_completion: "0" },
      { status: "error", errorClass: "other" },
    ],
    [
      "a variant with a price of its own",
      { variant: "free" },
      { modelServed: "anthropic/claude-4.5-sonnet-20250929:free" },
    ],
    ["no counts", { tokens_prompt: null, tokens_completion: null }, { usage: null, usageRaw: null }],
  ])("reads %s", ([, fields, expected]) => {
    expect(draftOf(openrouterSource, { ...row, ...fields })).toMatchObject(expected);
  });

  test("keeps what a router was asked for apart from what it chose", () => {
    expect(draftOf(openrouterSource, { ...generation, router: "openrouter/auto" })).toMatchObject({
      modelRequested: "openrouter/auto",
      modelServed: "google/gemini-2.5-flash",
    });
  });

  test.for<[string, unknown]>([
    [
      "the daily CSV",
      { Date: "2026-05-12 00:00:00", Slug: "openai/gpt-5", Usage: "4.3", "BYOK Usage": "0", Requests: "41" },
    ],
    [
      "the activity API",
      { data: [{ date: "2026-05-12", model: "m", model_permaslug: "m", usage: 1, requests: 3 }] },
    ],
  ])("leaves daily sums of %s to reconcile", ([, line]) => {
    expect(openrouterSource.score(line)).toBe(1);
    const [mapped] = mapRecords(openrouterSource, [line]);
    expect(mapped).toMatchObject({ kind: "skipped", reason: "aggregate_record" });
    expect(mapped?.kind !== "row" && mapped?.detail).toContain("signalbox reconcile");
  });

  test("quarantines more cached tokens than the input holds", () => {
    const [mapped] = mapRecords(openrouterSource, [{ ...row, tokens_cached: "5000" }]);
    expect(mapped).toMatchObject({ kind: "quarantined", reason: "cache_exceeds_input" });
  });

  test.for<[string, unknown]>([
    ["text", "gen-1"],
    ["a list of data", { data: [{ id: "x" }] }],
    ["a chat completion", { id: "gen-1", object: "chat.completion", model: "m", choices: [], usage: {} }],
  ])("does not take %s for its own", ([, line]) => expect(openrouterSource.score(line)).toBe(0));

  test("recognises the sample files", ({ skip }) => {
    const folder = join(process.env.SIGNALBOX_DATA ?? "../shared/data", "logs");
    const path = join(folder, "constructed/openrouter_generation.json");
    if (!existsSync(path)) return skip(`no data at ${path}; set SIGNALBOX_DATA`);
    expect(detectSource([JSON.parse(readFileSync(path, "utf8"))], sources).source?.name).toBe("openrouter");
    const header = readFileSync(join(folder, "billing-csv/openrouter_activity_requests.header.csv"), "utf8");
    const names = header.trim().split(",");
    expect(Object.keys(row)).toEqual(names);
  });
});
