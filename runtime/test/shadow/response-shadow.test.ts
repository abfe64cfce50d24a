import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRoutedFetch } from "../../src/adapters/routed-fetch.js";
import type { RoutedFetchOptions } from "../../src/adapters/routed-fetch-options.js";
import { openResponseShadow, type ResponseShadow } from "../../src/shadow/response-shadow.js";
import {
  SHADOW_PAIR_VERSION,
  type ShadowPairRecord,
  shadowPairFields,
} from "../../src/shadow/shadow-pair.js";
import type { ResponseShadowOptions } from "../../src/shadow/shadow-settings.js";
import { type ModelServer, plantedUsage, startModelServer } from "../support/model-server.js";
import { type RecordedRouter, recordedRouter } from "../support/recorded-router.js";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
let server: ModelServer;
let scripted: RecordedRouter;

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  scripted = await recordedRouter({ shadow: { rate: 1, salt: "all" } });
});
afterAll(() => {
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});
beforeEach(async () => {
  server = await startModelServer();
  scripted.records.length = 0;
  scripted.script.says = "easy";
  scripted.router.enable();
});
afterEach(() => server.close());

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];
const request = { model: "large", messages };

interface Shadowed {
  openai: OpenAI;
  anthropic: Anthropic;
  shadow: ResponseShadow;
  pairs: ShadowPairRecord[];
  /** Ask for a chat completion. */
  ask: () => Promise<unknown>;
}

function shadowed(
  options: Partial<ResponseShadowOptions> = {},
  fetchOptions: Partial<RoutedFetchOptions> = {},
): Shadowed {
  const pairs: ShadowPairRecord[] = [];
  const { router } = scripted;
  const shadow = openResponseShadow({ router, log: (pair) => pairs.push(pair), maxUsdPerDay: 1, ...options });
  const fetch = createRoutedFetch({ router, mode: "observe", shadow, ...fetchOptions });
  const openai = new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, fetch, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: "key", baseURL: server.url, fetch, maxRetries: 0 });
  return { openai, anthropic, shadow, pairs, ask: () => openai.chat.completions.create(request) };
}

const called = () => server.calls.map(({ body }) => body.model);

describe("pairs", () => {
  test("in mode observe the served model is the baseline, and the router's choice the candidate", async () => {
    const { openai, shadow, pairs } = shadowed();
    await openai.chat.completions.create(request, {
      headers: { "x-signalbox-request-id": "r1", "x-signalbox-session": "s1", "idempotency-key": "k" },
    });
    await shadow.flush();
    expect(called()).toEqual(["large", "small"]);
    expect(server.calls[1]!.body).toEqual({ model: "small", messages });
    expect(server.calls[1]!.headers["idempotency-key"]).toBeUndefined();
    expect(pairs).toHaveLength(1);
    expect(Object.keys(pairs[0]!)).toEqual(Object.keys(shadowPairFields));
    expect(pairs[0]).toMatchObject({
      v: SHADOW_PAIR_VERSION,
      pair_id: createHash("sha256").update("random-00000000:r1").digest("hex").slice(0, 24),
      request_id: "r1",
      session_hash: scripted.records[0]!.session_hash,
      bucket: scripted.records[0]!.bucket,
      rate: 1,
      artifact: "random-00000000",
      status: "paired",
      served: "baseline",
      content_ref: null,
      content: null,
    });
    const side = {
      usage: plantedUsage.chat,
      finish_reason: "stop",
      error: null,
      error_class: null,
      is_refusal: false,
    };
    expect(pairs[0]!.baseline).toMatchObject({ ...side, model: "large", is_valid_json: null });
    expect(pairs[0]!.candidate).toMatchObject({ ...side, model: "small", ttft_ms: null });
    expect(pairs[0]!.candidate!.latency_ms).toBeGreaterThan(0);
  });

  test("in mode serve the router's choice is served, and the default model is the baseline", async () => {
    const { openai, shadow, pairs } = shadowed({}, { mode: "serve" });
    await openai.chat.completions.create({ ...request, model: "medium" });
    await shadow.flush();
    expect(called()).toEqual(["small", "large"]);
    expect(pairs).toMatchObject([
      { status: "paired", served: "candidate", baseline: { model: "large" }, candidate: { model: "small" } },
    ]);
  });

  test("a fallback to the baseline is served as such, beside the candidate's failure", async () => {
    const { shadow, pairs, ask } = shadowed({}, { mode: "serve", maxAttempts: 1 });
    server.behaviours.small = { fault: "500" };
    await ask();
    await shadow.flush();
    expect(called()).toEqual(["small", "large"]);
    expect(pairs).toMatchObject([
      {
        status: "candidate_failed",
        served: "baseline",
        baseline: { model: "large", error: null, finish_reason: "stop" },
        candidate: { model: "small", error_class: "overloaded", usage: null },
      },
    ]);
  });

  test("streams of every API are paired with a plain answer", async () => {
    const { openai, anthropic, shadow, pairs } = shadowed();
    for await (const _ of await openai.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    }));
    for await (const _ of await openai.responses.create({
      model: "large",
      input: "And of Spain, I wonder?",
      stream: true,
    }));
    await anthropic.messages.stream({ ...request, max_tokens: 50 }).finalMessage();
    await shadow.flush();
    const shadowCalls = server.calls.filter(({ body }) => body.model === "small");
    expect(shadowCalls.map(({ body }) => [body.stream, body.stream_options, body.store])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, false],
      [undefined, undefined, undefined],
    ]);
    expect(pairs.map(({ status, candidate }) => [status, candidate!.usage])).toEqual([
      ["paired", plantedUsage.chat],
      ["paired", plantedUsage.responses],
      ["paired", plantedUsage.messages],
    ]);
  });

  test("refusals and JSON that doesn't parse are told on either side", async () => {
    const { openai, shadow, pairs } = shadowed();
    server.behaviours.large = { text: '{"a": 1}' };
    server.behaviours.small = { text: "{not JSON" };
    await openai.chat.completions.create({ ...request, response_format: { type: "json_object" } });
    await shadow.flush();
    server.behaviours.small = { refusal: true };
    await openai.chat.completions.create(request);
    await shadow.flush();
    expect(
      pairs.map(({ baseline, candidate }) => [baseline.is_valid_json, candidate!.is_valid_json]),
    ).toEqual([
      [true, false],
      [null, null],
    ]);
    expect(pairs.map(({ baseline, candidate }) => [baseline.is_refusal, candidate!.is_refusal])).toEqual([
      [false, false],
      [false, true],
    ]);
  });

  test("a request with tools of the caller's is paired for one step", async () => {
    const { openai, shadow, pairs } = shadowed({ content: "redacted" });
    server.behaviours.small = { tool: { name: "find", input: '{"q":"Paris"}' } };
    const tools = [{ type: "function" as const, function: { name: "find", parameters: {} } }];
    await openai.chat.completions.create({ ...request, tools });
    await shadow.flush();
    expect(pairs).toMatchObject([{ status: "paired", candidate: { finish_reason: "tool_calls" } }]);
    expect(pairs[0]!.content!.candidate).toBe('[tool] find {"q":"Paris"}');
    expect(called()).toEqual(["large", "small"]);
  });
});

describe("the user", () => {
  test("is served before the candidate is called, and never waits for it", async () => {
    const { openai, shadow, pairs } = shadowed();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behaviours.small = { hold: () => held };
    const callsDuringStream: number[] = [];
    for await (const _ of await openai.chat.completions.create({ ...request, stream: true })) {
      callsDuringStream.push(server.calls.length);
    }
    const second = await openai.chat.completions.create(request);
    expect(second.choices[0]!.message.content).toBe("answer of large");
    expect(new Set(callsDuringStream)).toEqual(new Set([1]));
    expect(pairs).toEqual([]);
    release();
    await shadow.flush();
    expect(pairs.map(({ status }) => status)).toEqual(["paired", "paired"]);
  });

  test("notices nothing of a candidate that fails in any way", async () => {
    const { ask, shadow, pairs } = shadowed();
    for (const fault of ["500", "reset", "malformed", "429"] as const) {
      server.behaviours.small = { fault };
      await ask();
      await shadow.flush();
    }
    expect(pairs.map(({ status, candidate }) => [status, candidate!.error_class])).toEqual([
      ["candidate_failed", "overloaded"],
      ["candidate_failed", "network"],
      ["candidate_failed", "unknown"],
      ["candidate_failed", "rate_limited"],
    ]);
    expect(called().filter((model) => model === "small")).toHaveLength(4);
  });

  test("notices nothing of a candidate that never answers, which is given up", async () => {
    const { ask, shadow, pairs } = shadowed({ timeoutMs: 20 });
    server.behaviours.small = { fault: "never" };
    await ask();
    await shadow.flush();
    expect(pairs).toMatchObject([
      { status: "candidate_timeout", candidate: { error: "timeout", error_class: "timeout", usage: null } },
    ]);
    expect(shadow.stats().underWay).toBe(0);
  });

  test("notices nothing of a log that can't be written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-pairs-"));
    const { ask, shadow } = shadowed({ log: folder });
    await ask();
    await shadow.flush();
    expect(shadow.stats()).toMatchObject({ sampled: 1, recorded: 0, lost: 1, byStatus: { paired: 1 } });
    rmSync(folder, { recursive: true });
  });
});

describe("what isn't called", () => {
  test("each sampled request leaves one record, whatever the reason", async () => {
    const { openai, ask, shadow, pairs } = shadowed();
    const statuses = async (act: () => Promise<unknown>) => {
      await act();
      await shadow.flush();
    };
    scripted.script.says = "hard";
    await statuses(ask);
    scripted.script.says = "easy";
    await statuses(() =>
      openai.responses.create({ model: "large", input: "And of Spain?", previous_response_id: "resp_0" }),
    );
    await statuses(() =>
      openai.responses.create({
        model: "large",
        input: "And of Italy, I wonder?",
        tools: [{ type: "mcp", server_label: "x", server_url: "http://x" }],
      }),
    );
    server.behaviours.large = { fault: "500" };
    await statuses(() => ask().catch(() => {}));
    server.behaviours.large = {};
    scripted.router.disable();
    await statuses(ask);
    scripted.router.enable();
    shadow.disable();
    await statuses(ask);
    shadow.enable();
    await statuses(ask);
    expect(pairs.map(({ status }) => status)).toEqual([
      "same_model",
      "unsupported",
      "unsupported",
      "baseline_failed",
      "dropped_disabled",
      "dropped_disabled",
      "paired",
    ]);
    expect(called().filter((model) => model === "small")).toHaveLength(1);
    const { byStatus, sampled, faults } = shadow.stats();
    expect(Object.values(byStatus).reduce((sum, count) => sum + count) + faults).toBe(sampled);
    await shadow.close();
    await statuses(ask);
    expect(pairs.at(-1)!.status).toBe("dropped_disabled");
  });

  test("a switch that is thrown while the user is being served holds for the candidate", async () => {
    const { openai, shadow, pairs } = shadowed();
    for await (const _ of await openai.chat.completions.create({ ...request, stream: true }))
      scripted.router.disable();
    await shadow.flush();
    expect(pairs.map(({ status }) => status)).toEqual(["dropped_disabled"]);
    expect(called()).toEqual(["large"]);
  });

  test("a caller that gave up is no failure of a model", async () => {
    const { openai, shadow, pairs } = shadowed();
    for await (const _ of await openai.chat.completions.create({ ...request, stream: true })) break;
    await shadow.flush();
    expect(pairs).toMatchObject([
      { status: "unsupported", baseline: { error: "aborted", error_class: null } },
    ]);
  });

  test("a model that the call can't reach is unsupported", async () => {
    const { openai, shadow, pairs } = shadowed(
      {},
      { mode: "serve", endpoints: { large: { protocol: "anthropic" } } },
    );
    await openai.chat.completions.create({ ...request, model: "medium" });
    await shadow.flush();
    expect(pairs).toMatchObject([{ status: "unsupported", baseline: { model: "large", latency_ms: null } }]);
  });

  test("requests outside the sample leave no record", async () => {
    const none = await recordedRouter({ shadow: { rate: 0, salt: "none" } });
    const { ask, shadow, pairs } = shadowed({}, { router: none.router });
    await ask();
    await shadow.flush();
    expect(pairs).toEqual([]);
    expect(shadow.stats().sampled).toBe(0);
  });

  test("sessions are sampled whole", async () => {
    const half = await recordedRouter({ shadow: { rate: 0.5, salt: "half" } });
    const { openai, shadow, pairs } = shadowed({ router: half.router }, { router: half.router });
    const sessions = Array.from({ length: 20 }, (_, i) => `session ${i}`);
    for (const session of sessions) {
      for (let turn = 0; turn < 3; turn++) {
        await openai.chat.completions.create(request, { headers: { "x-signalbox-session": session } });
      }
    }
    await shadow.flush();
    const counts = new Map<string, number>();
    for (const { session_hash } of pairs) counts.set(session_hash!, (counts.get(session_hash!) ?? 0) + 1);
    expect(new Set(counts.values())).toEqual(new Set([3]));
    expect(counts.size).toBeGreaterThan(3);
    expect(counts.size).toBeLessThan(17);
    expect(
      new Set(half.records.filter((record) => record.shadow_sampled).map((record) => record.session_hash)),
    ).toEqual(new Set(counts.keys()));
  });
});

describe("limits", () => {
  test("more calls than maxConcurrent are dropped and counted exactly, and none waits", async () => {
    const { ask, shadow, pairs } = shadowed({ maxConcurrent: 3 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behaviours.small = { hold: () => held };
    await Promise.all(Array.from({ length: 10 }, ask));
    await expect.poll(() => pairs.length, { timeout: 20_000 }).toBe(7);
    expect(shadow.stats()).toMatchObject({ underWay: 3, byStatus: { dropped_concurrency: 7, paired: 0 } });
    release();
    await shadow.flush();
    expect(shadow.stats()).toMatchObject({ underWay: 0, byStatus: { dropped_concurrency: 7, paired: 3 } });
  });

  test("the day's dollars are put aside before a call and settled after it; the next day starts anew", async () => {
    let now = new Date("2026-03-01T23:00:00Z");
    const price = { inputUsdPerMtok: 1_000, outputUsdPerMtok: 1_000 };
    const { openai, shadow, pairs } = shadowed({
      maxUsdPerDay: 0.15,
      priceOf: () => price,
      clock: () => now,
    });
    const ask = async () => {
      await openai.chat.completions.create({ ...request, max_completion_tokens: 20 });
      await shadow.flush();
    };
    // Put aside: 20 tokens of output and half the body's bytes; settled: 11 + 7 tokens.
    for (let i = 0; i < 6; i++) await ask();
    const used = 18 * 1e-3;
    const bytes = JSON.stringify({ model: "small", messages, max_completion_tokens: 20 }).length;
    const estimate = (20 + Math.ceil(bytes / 2)) * 1e-3;
    const fits = 1 + Math.floor((0.15 - estimate) / used);
    expect(shadow.stats().byStatus).toMatchObject({ paired: fits, dropped_budget: 6 - fits });
    expect(fits).toBeGreaterThan(1);
    expect(shadow.stats().spentUsdToday).toBeCloseTo(fits * used);
    now = new Date("2026-03-02T00:00:00Z");
    await ask();
    expect(pairs.at(-1)).toMatchObject({ status: "paired", ts: "2026-03-02T00:00:00.000Z" });
    expect(shadow.stats().spentUsdToday).toBeCloseTo(used);
  });

  test("a call of unknown cost keeps what was put aside; a refused one costs nothing", async () => {
    const price = { inputUsdPerMtok: 1_000, outputUsdPerMtok: 1_000 };
    const { ask, shadow } = shadowed({ maxUsdPerDay: 100, priceOf: () => price });
    server.behaviours.small = { fault: "429" };
    await ask();
    await shadow.flush();
    expect(shadow.stats().spentUsdToday).toBeCloseTo(0);
    server.behaviours.small = { fault: "reset" };
    await ask();
    await shadow.flush();
    expect(shadow.stats().spentUsdToday).toBeGreaterThan(4);
  });

  test("an unknown price is never taken for zero; a known zero is", async () => {
    const drops = [
      () => null,
      () => undefined,
      () => ({ inputUsdPerMtok: Number.NaN, outputUsdPerMtok: 1 }),
      () => ({ inputUsdPerMtok: -1, outputUsdPerMtok: 1 }),
    ];
    const throws = () => {
      throw new Error("planted");
    };
    for (const priceOf of [...drops, throws]) {
      const { ask, shadow } = shadowed({ priceOf });
      await ask();
      await shadow.flush();
      expect(shadow.stats().byStatus).toMatchObject({ dropped_budget: 1 });
    }
    const { ask, shadow } = shadowed({
      maxUsdPerDay: 0,
      priceOf: () => ({ inputUsdPerMtok: 0, outputUsdPerMtok: 0 }),
    });
    await ask();
    await shadow.flush();
    expect(shadow.stats().byStatus).toMatchObject({ paired: 1 });
  });

  test("wrong limits are refused", () => {
    const { router } = scripted;
    const wrong = [
      { maxUsdPerDay: Number.NaN },
      { maxUsdPerDay: -1 },
      { timeoutMs: Number.NaN },
      { maxConcurrent: -1 },
    ];
    for (const options of wrong) {
      expect(() => openResponseShadow({ router, log: () => {}, maxUsdPerDay: 1, ...options })).toThrow(
        RangeError,
      );
    }
  });
});

describe("content", () => {
  const personal = {
    ...request,
    messages: [
      { role: "system" as const, content: "Be brief." },
      { role: "user" as const, content: "Mail ann@example.com, please." },
    ],
  };

  test("is redacted and cut", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-pairs-"));
    const log = join(folder, "pairs.jsonl");
    const { openai, shadow } = shadowed({ log, content: "redacted", maxContentChars: 20 });
    server.behaviours.large = { text: "Sent to ann@example.com with a long and winding answer" };
    await openai.chat.completions.create(personal);
    await shadow.close();
    const line = readFileSync(log, "utf8");
    rmSync(folder, { recursive: true });
    expect(line).not.toContain("example.com");
    expect(JSON.parse(line)).toMatchObject({
      content_ref: null,
      content: {
        prompt: "Mail [EMAIL], please.".slice(-20),
        system: "Be brief.",
        baseline: "Sent to [EMAIL] with",
        candidate: "answer of small",
      },
    });
  });

  test("is handed to the caller's store, whole, under the pair's id", async () => {
    const stored: unknown[] = [];
    const { openai, shadow, pairs } = shadowed({ content: { store: async (...args) => stored.push(args) } });
    await openai.chat.completions.create(personal);
    await shadow.flush();
    const contents = {
      prompt: "Mail ann@example.com, please.",
      system: "Be brief.",
      baseline: "answer of large",
      candidate: "answer of small",
    };
    expect(stored).toEqual([[pairs[0]!.pair_id, contents]]);
    expect(pairs).toMatchObject([{ content_ref: pairs[0]!.pair_id, content: null }]);
  });

  test("that can't be stored or redacted leaves a record without it", async () => {
    const fault = () => {
      throw new Error("planted");
    };
    for (const options of [{ content: { store: fault } }, { content: "redacted" as const, redact: fault }]) {
      const { openai, shadow, pairs } = shadowed(options);
      await openai.chat.completions.create(personal);
      await shadow.flush();
      expect(pairs).toMatchObject([{ status: "paired", content_ref: null, content: null }]);
      expect(shadow.stats()).toMatchObject({ contentsLost: 1, faults: 0 });
    }
  });

  test("of a conversation is every turn under its role", async () => {
    const { openai, shadow, pairs } = shadowed({ content: "redacted" });
    const turns = [
      ...messages,
      { role: "assistant" as const, content: "Paris." },
      { role: "user" as const, content: "And which city is the capital of Spain, I wonder?" },
    ];
    await openai.chat.completions.create({ model: "large", messages: turns });
    await shadow.flush();
    expect(pairs[0]!.content!.prompt).toBe(
      "user: What is the capital of France?\n\nassistant: Paris.\n\nuser: And which city is the capital of Spain, I wonder?",
    );
  });
});

test("a caller's own function makes the calls", async () => {
  const asked: unknown[] = [];
  const { ask, shadow, pairs } = shadowed({
    call: async ({ api, model, body }) => {
      asked.push([api, model, body.stream]);
      return Response.json({ choices: [{ message: { content: "mine" }, finish_reason: "stop" }] });
    },
  });
  await ask();
  await shadow.flush();
  expect(asked).toEqual([["chat", "small", undefined]]);
  expect(pairs).toMatchObject([{ status: "paired", candidate: { finish_reason: "stop" } }]);
  expect(called()).toEqual(["large"]);
});
