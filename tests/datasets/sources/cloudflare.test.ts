import { describe, expect, test } from "vitest";
import { cloudflareProvider, cloudflareSource } from "../../../datasets/sources/cloudflare.js";
import { cloudflareLogpushSource } from "../../../datasets/sources/cloudflare-logpush.js";
import { draftOf, draftsOf, mapRecords } from "../../support/map-records.js";

const log = {
  id: "01J1",
  cached: false,
  created_at: "2026-07-01T09:15:00Z",
  duration: 1184,
  model: "gpt-4o-mini",
  path: "chat/completions",
  provider: "openai",
  success: true,
  tokens_in: 420,
  tokens_out: 88,
  cost: 0.0001158,
  custom_cost: false,
  metadata: '{"team":"core","user":17}',
  response_content_type: "text/event-stream",
  status_code: 200,
  step: 0,
};

describe("cloudflareSource", () => {
  test("maps a log; its metadata is JSON text", () => {
    expect(draftOf(cloudflareSource, log)).toMatchObject({
      id: "01J1",
      attemptNo: 1,
      tenant: "core",
      user: "17",
      endpoint: "chat",
      gateway: "cloudflare",
      provider: "openai",
      createdAt: Date.UTC(2026, 6, 1, 9, 15) * 1000,
      latencyMs: 1184,
      modelServed: "gpt-4o-mini",
      usage: { inputUncached: 420, outputText: 88 },
      costReportedUsd: 0.0001158,
      httpStatus: 200,
      isStream: true,
      cacheStatus: "miss",
    });
  });

  test("unpacks the API's pages; a fallback is a later attempt, a hit costs nothing, a failure has no tokens", () => {
    const hit = { ...log, id: "01J2", cached: true, cost: 0 };
    const failed = {
      ...log,
      id: "01J3",
      success: false,
      tokens_in: null,
      tokens_out: null,
      cost: 0,
      status_code: 524,
      step: 1,
    };
    const page = { result: [log, hit, failed], result_info: { page: 1 }, success: true, errors: [] };
    expect(cloudflareSource.score(page)).toBe(1);
    expect(draftsOf(cloudflareSource, [page])).toMatchObject([
      { id: "01J1", status: "ok" },
      { id: "01J2", cacheStatus: "hit", costReportedUsd: 0, usage: { inputUncached: 420 } },
      { id: "01J3", attemptNo: 2, status: "error", errorClass: "timeout", httpStatus: 524, usage: null },
    ]);
  });

  test("reads the beginning of the bodies that the detail call gives, and sees when it was cut", () => {
    const body = JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] });
    expect(
      draftOf(cloudflareSource, { result: { ...log, request_head: body }, success: true }),
    ).toMatchObject({
      prompt: { messages: [{ content: "hi" }] },
      promptState: "full",
    });
    expect(draftOf(cloudflareSource, { ...log, request_head: body.slice(0, 30) })).toMatchObject({
      prompt: null,
      promptState: "truncated",
    });
  });

  test("reads a table in which everything is text", () => {
    const texts = Object.fromEntries(Object.entries(log).map(([name, value]) => [name, String(value)]));
    expect(draftOf(cloudflareSource, texts)).toMatchObject({
      usage: { inputUncached: 420, outputText: 88 },
      latencyMs: 1184,
      status: "ok",
      cacheStatus: "miss",
    });
  });

  test.each([
    ["google-ai-studio", "google"],
    ["google-vertex-ai", "google"],
    ["aws-bedrock", "aws"],
    ["azure-openai", "azure"],
    ["grok", "x-ai"],
    ["compat", null],
    [null, null],
  ])("knows the provider %s as %s", (name, id) => {
    expect(cloudflareProvider(name)).toBe(id);
  });

  test.each([
    [1, 1],
    [-1, 0],
    [null, null],
  ])("reads feedback %s as %s", (feedback, score) => {
    expect(draftOf(cloudflareSource, { ...log, feedback }).feedbackScore).toBe(score);
  });

  test("leaves a hand-made table alone that shares some names", () => {
    const table = {
      created_at: "2026-07-01",
      provider: "openai",
      model: "m",
      tokens_in: 1,
      tokens_out: 2,
      cached: 0,
    };
    expect(cloudflareSource.score(table)).toBe(0);
  });

  test("scores nothing else", () => {
    for (const line of [
      {},
      { provider: "openai", model: "m" },
      { result: [1] },
      { success: true, result: [{}] },
      null,
    ])
      expect(cloudflareSource.score(line)).toBe(0);
  });
});

const sealed = { type: "encrypted", key: "a2V5", iv: "aXY=", data: "ZGF0YQ==" };
const event = {
  Cached: false,
  Endpoint: "chat/completions",
  Gateway: "prod",
  Model: "gpt-4o-mini",
  Provider: "openai",
  RateLimited: false,
  StatusCode: 200,
  Metadata: sealed,
  RequestBody: sealed,
  ResponseBody: sealed,
};

function readBatch(path: string, line: unknown) {
  const reader = cloudflareLogpushSource.open!<number>({ path, modifiedAt: 0 });
  return [...reader.take(line, 1), ...reader.end()].map(({ mapped }) => mapped);
}

describe("cloudflareLogpushSource", () => {
  test("takes the time from the name that Logpush gives a batch; what is encrypted counts as redacted", () => {
    const [mapped] = readBatch("/logs/20260701/20260701T091500Z_20260701T092000Z_1a2b3c4d.log.gz", event);
    expect(mapped).toMatchObject({
      kind: "row",
      draft: {
        createdAt: Date.UTC(2026, 6, 1, 9, 15) * 1000,
        modelServed: "gpt-4o-mini",
        provider: "openai",
        endpoint: "chat",
        promptState: "redacted",
        prompt: null,
        usage: null,
        httpStatus: 200,
        cacheStatus: "miss",
      },
    });
  });

  test("keeps calls apart whose lines are the same: by their place in the batch", () => {
    const path = "20260701T091500Z_20260701T092000Z_1a2b3c4d.log.gz";
    const reader = cloudflareLogpushSource.open!<number>({ path, modifiedAt: 0 });
    const ids = [event, event].flatMap((line, place) =>
      reader.take(line, place).map(({ mapped }) => (mapped.kind === "row" ? mapped.draft.id : null)),
    );
    expect(ids).toEqual([
      "20260701T091500Z_20260701T092000Z_1a2b3c4d#1",
      "20260701T091500Z_20260701T092000Z_1a2b3c4d#2",
    ]);
  });

  test("quarantines a line without any time, with advice", () => {
    expect(readBatch("events.log.gz", event)).toMatchObject([
      { kind: "quarantined", reason: "missing_time", detail: expect.stringContaining("file's own name") },
    ]);
  });

  test("reads a body that was decrypted in place", () => {
    const open = {
      ...event,
      Datetime: "2026-07-01T09:16:00Z",
      Metadata: { team: "core" },
      RequestBody: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}',
      ResponseBody: {
        choices: [{ message: { role: "assistant", content: "hello" } }],
        usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
      },
    };
    expect(draftOf(cloudflareLogpushSource, open)).toMatchObject({
      createdAt: Date.UTC(2026, 6, 1, 9, 16) * 1000,
      tenant: "core",
      promptState: "full",
      output: "hello",
      usage: { inputUncached: 3, outputText: 1 },
    });
  });

  test("counts a rate limited request as an error", () => {
    const limited = { ...event, Datetime: "2026-07-01T09:16:00Z", RateLimited: true, StatusCode: null };
    expect(draftOf(cloudflareLogpushSource, limited)).toMatchObject({
      status: "error",
      errorClass: "rate_limit",
    });
  });

  test("scores nothing else", () => {
    for (const line of [{}, { Model: "m", Provider: "p" }, null])
      expect(cloudflareLogpushSource.score(line)).toBe(0);
    expect(mapRecords(cloudflareLogpushSource, [{}])).toMatchObject([{ reason: "unknown_schema" }]);
  });
});
