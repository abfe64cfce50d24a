import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRoutedFetch } from "../../src/adapters/routed-fetch.js";
import type { RoutedFetchOptions } from "../../src/adapters/routed-fetch-options.js";
import { type ModelBehaviour, type ModelServer, startModelServer } from "../support/model-server.js";
import { type RecordedRouter, recordedRouter } from "../support/recorded-router.js";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
let server: ModelServer;
let scripted: RecordedRouter;

beforeAll(async () => {
  process.on("unhandledRejection", onUnhandled);
  scripted = await recordedRouter();
});
afterAll(() => {
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});
beforeEach(async () => {
  server = await startModelServer();
  scripted.records.length = 0;
});
afterEach(() => server.close());

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];

function routed(options: Partial<RoutedFetchOptions> = {}) {
  const fetch = createRoutedFetch({ router: scripted.router, ...options });
  return { fetch, openai: new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, fetch, maxRetries: 0 }) };
}

const called = () => server.calls.map(({ body }) => body.model);

/** A promise and what resolves it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("fallbacks", () => {
  const faults: Array<[NonNullable<ModelBehaviour["fault"]>, string, string[]]> = [
    ["429", "rate_limited", ["small", "medium"]],
    ["500", "overloaded", ["small", "medium"]],
    ["reset", "network", ["small", "medium"]],
    ["400_context", "context_length", ["small", "large"]],
    ["400_param", "bad_request", ["small", "large"]],
  ];
  test.each(faults)("after %s (%s) another model answers: %j", async (fault, errorClass, chain) => {
    const { openai, fetch } = routed();
    server.behaviours.small = { fault };
    const { data, response } = await openai.chat.completions
      .create({ model: "large", messages })
      .withResponse();
    expect(data.choices[0]!.message.content).toBe(`answer of ${chain[1]}`);
    expect(called()).toEqual(chain);
    expect(response.headers.get("x-signalbox-decision")).toBe("small");
    expect(response.headers.get("x-signalbox-served")).toBe(chain[1]);
    expect(scripted.records).toHaveLength(1);
    expect(scripted.records[0]).toMatchObject({
      decided_model: "small",
      served_model: `${chain[1]}-2026-01-01`,
      error: null,
      attempts: [
        { model: "small", error_class: errorClass },
        { model: chain[1], error_class: null },
      ],
    });
    expect(fetch.stats()).toMatchObject({ fallbacks: 1, failed: 0 });
  });

  test("a stream that fails before it starts falls back, too", async () => {
    const { openai } = routed();
    server.behaviours.small = { fault: "500" };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]!.delta.content ?? "";
    expect(text).toBe("answer of medium");
    expect(scripted.records[0]!.attempts.map(({ model }) => model)).toEqual(["small", "medium"]);
  });

  test("maxAttempts bounds the router's own choices; the caller's model comes on top", async () => {
    for (const model of ["small", "medium"]) server.behaviours[model] = { fault: "500" };
    await routed({ maxAttempts: 1 }).openai.chat.completions.create({ model: "large", messages });
    expect(called()).toEqual(["small", "large"]);
    server.calls.length = 0;
    await routed({ maxAttempts: 2 }).openai.chat.completions.create({ model: "large", messages });
    expect(called()).toEqual(["small", "medium", "large"]);
  });

  test("when all fail, the caller gets the failure of its own model, byte for byte", async () => {
    const { fetch } = routed();
    const body = JSON.stringify({ model: "large", messages });
    for (const model of ["small", "medium"]) server.behaviours[model] = { fault: "500" };
    server.behaviours.large = { fault: "429" };
    const direct = await globalThis.fetch(`${server.url}/v1/chat/completions`, { method: "POST", body });
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.text()).toBe(await direct.text());
    expect(scripted.records[0]).toMatchObject({
      served_model: null,
      error: "429",
      error_class: "rate_limited",
    });
    expect(fetch.stats()).toMatchObject({ failed: 1, fallbacks: 2 });
  });

  test("when all connections break, the caller gets the error that fetch threw", async () => {
    const { fetch } = routed();
    for (const model of ["small", "medium", "large"]) server.behaviours[model] = { fault: "reset" };
    const body = JSON.stringify({ model: "large", messages });
    const error = await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body }).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(scripted.records[0]).toMatchObject({ error_class: "network", served_model: null });
    expect(scripted.records[0]!.attempts).toHaveLength(3);
  });

  test("a model that never answers gives way after attemptTimeoutMs", async () => {
    const { openai } = routed({ attemptTimeoutMs: 20 });
    server.behaviours.small = { fault: "never" };
    const answer = await openai.chat.completions.create({ model: "medium", messages });
    expect(answer.choices[0]!.message.content).toBe("answer of medium");
    expect(scripted.records[0]!.attempts[0]).toMatchObject({ model: "small", error_class: "timeout" });
  });

  test("an idempotency key comes back with no other body", async () => {
    const { openai } = routed();
    server.behaviours.small = { fault: "500" };
    await openai.chat.completions.create(
      { model: "large", messages },
      { headers: { "idempotency-key": "k" } },
    );
    expect(server.calls.map(({ headers }) => headers["idempotency-key"])).toEqual(["k", "k-1"]);
  });

  test("in mode observe a failure is the caller's own", async () => {
    const { openai } = routed({ mode: "observe" });
    server.behaviours.large = { fault: "500" };
    await expect(openai.chat.completions.create({ model: "large", messages })).rejects.toThrow(
      OpenAI.InternalServerError,
    );
    expect(called()).toEqual(["large"]);
  });
});

describe("endpoints", () => {
  test("a model that is served elsewhere is called there, without the caller's credentials", async () => {
    const other = await startModelServer();
    const endpoints = {
      small: {
        protocol: "openai" as const,
        baseUrl: `${other.url}/v1/`,
        headers: { authorization: "Bearer theirs" },
      },
    };
    const { openai } = routed({ endpoints });
    await openai.chat.completions.create(
      { model: "large", messages },
      { headers: { "api-key": "mine", "x-other": "1" } },
    );
    await routed({
      endpoints: { small: { protocol: "openai", baseUrl: `${other.url}/v1` } },
    }).openai.chat.completions.create({
      model: "large",
      messages,
    });
    await other.close();
    expect(server.calls).toEqual([]);
    expect(
      other.calls.map(({ path, headers }) => [
        path,
        headers.authorization,
        headers["api-key"],
        headers["x-other"],
      ]),
    ).toEqual([
      ["/v1/chat/completions", "Bearer theirs", undefined, "1"],
      ["/v1/chat/completions", undefined, undefined, undefined],
    ]);
  });

  test("models of another protocol, or that the endpoint doesn't serve, are never chosen", async () => {
    const endpoints = { small: { protocol: "anthropic" as const } };
    await routed({ endpoints }).openai.chat.completions.create({ model: "large", messages });
    await routed({ models: ["large"] }).openai.chat.completions.create({ model: "large", messages });
    expect(called()).toEqual(["medium", "large"]);
    expect(scripted.records.map(({ decided_model }) => decided_model)).toEqual(["medium", "large"]);
    const anthropic = new Anthropic({
      apiKey: "key",
      baseURL: server.url,
      fetch: createRoutedFetch({ router: scripted.router, endpoints }),
      maxRetries: 0,
    });
    await anthropic.messages.create({ model: "large", max_tokens: 10, messages });
    expect(called().at(-1)).toBe("small");
  });

  test("a caller's model that the router doesn't know is the last resort", async () => {
    const { openai } = routed({ models: [] });
    await openai.chat.completions.create({ model: "house", messages });
    expect(called()).toEqual(["house"]);
  });
});

describe("broken answers", () => {
  test("a stream that breaks off after its first words fails for the caller and isn't tried again", async () => {
    const { openai } = routed();
    server.behaviours.small = { fault: "reset_mid_stream" };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    const read = (async () => {
      for await (const _ of stream);
    })();
    await expect(read).rejects.toThrow();
    expect(called()).toEqual(["small"]);
    expect(scripted.records).toMatchObject([
      { served_model: "small-2026-01-01", error: "broken_off", error_class: "network", usage: null },
    ]);
  });

  test("a stream that ends without an end is logged as incomplete", async () => {
    const { openai } = routed();
    server.behaviours.small = { fault: "clean_cut" };
    for await (const _ of await openai.chat.completions.create({ model: "large", messages, stream: true }));
    expect(scripted.records).toMatchObject([{ error: "incomplete_stream", error_class: "network" }]);
  });

  test("an answer that isn't JSON reaches the caller as it is, and is logged", async () => {
    const { fetch } = routed();
    server.behaviours.small = { fault: "malformed" };
    const body = JSON.stringify({ model: "large", messages });
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body });
    expect(await response.text()).toBe('{"id": "broken", "choices": [');
    expect(scripted.records).toMatchObject([{ error: "malformed_answer", error_class: "unknown" }]);
  });

  test("a response that can't be copied is returned itself", async () => {
    const odd = { status: 200, ok: true, headers: new Headers(), body: null } as unknown as Response;
    const fetch = createRoutedFetch({ router: scripted.router, fetch: async () => odd });
    const body = JSON.stringify({ model: "large", messages });
    expect(await fetch("http://loopback/v1/chat/completions", { method: "POST", body })).toBe(odd);
    expect(scripted.records).toHaveLength(1);
  });
});

describe("aborts", () => {
  test("a caller that aborts before the answer gets its abort, and no other model is called", async () => {
    const { openai, fetch } = routed();
    const arrived = gate();
    server.behaviours.small = {
      hold: () => {
        arrived.open();
        return new Promise(() => {});
      },
    };
    const control = new AbortController();
    const asked = openai.chat.completions.create({ model: "large", messages }, { signal: control.signal });
    await arrived.opened;
    control.abort();
    await expect(asked).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(called()).toEqual(["small"]);
    expect(scripted.records).toMatchObject([{ error: "aborted", error_class: null, served_model: null }]);
    expect(fetch.stats()).toMatchObject({ aborted: 1, failed: 0 });
  });

  test("a consumer that breaks out of a stream closes the provider's socket; what was seen is logged once", async () => {
    const { openai, fetch } = routed();
    const cut = gate();
    server.behaviours.small = {
      text: "one two three",
      hold: (piece) => (piece === 3 ? cut.opened : undefined),
    };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]!.delta.content === "two ") break;
    await expect.poll(() => server.calls[0]!.isCut, { timeout: 20_000 }).toBe(true);
    cut.open();
    await expect.poll(() => server.sockets(), { timeout: 20_000 }).toBe(0);
    expect(scripted.records).toMatchObject([
      { error: "aborted", error_class: null, served_model: "small-2026-01-01", finish_reason: null },
    ]);
    expect(fetch.stats().aborted).toBe(1);
  });

  test("an abort between two chunks is logged though nobody reads on", async () => {
    const { openai } = routed();
    server.behaviours.small = { hold: (piece) => (piece === 2 ? new Promise(() => {}) : undefined) };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    stream.controller.abort();
    expect(scripted.records).toMatchObject([{ error: "aborted" }]);
    await expect.poll(() => server.calls[0]!.isCut, { timeout: 20_000 }).toBe(true);
  });

  test("a caller's own time limit is logged as a timeout", async () => {
    const { fetch } = routed();
    const control = new AbortController();
    server.behaviours.small = {
      hold: () => {
        control.abort(new DOMException("too late", "TimeoutError"));
        return new Promise(() => {});
      },
    };
    const body = JSON.stringify({ model: "large", messages });
    const asked = fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      body,
      signal: control.signal,
    });
    await expect(asked).rejects.toThrow("too late");
    expect(called()).toEqual(["small"]);
    expect(scripted.records).toMatchObject([{ error: "aborted", error_class: "timeout" }]);
  });

  test("no listener stays on a signal that outlives its calls", async () => {
    const { fetch } = routed();
    const control = new AbortController();
    let listeners = 0;
    const { signal } = control;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const withStub = createRoutedFetch({
      router: scripted.router,
      fetch: async () => Response.json({ model: "small" }),
    });
    const body = JSON.stringify({ model: "large", messages });
    await (await withStub(`${server.url}/v1/chat/completions`, { method: "POST", body, signal })).text();
    expect(listeners).toBe(0);
    await (await fetch(`${server.url}/v1/chat/completions`, { method: "POST", body, signal })).text();
    expect(scripted.records).toHaveLength(2);
  });
});

describe("the decision log", () => {
  test("a log that can't be written loses lines, counts them, and fails no call", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-log-"));
    // A folder in the file's place refuses every write, for root too.
    const logged = await recordedRouter({}, { decisionLog: folder });
    const { openai } = routed({ router: logged.router });
    for (let i = 0; i < 5; i++) {
      const answer = await openai.chat.completions.create({ model: "large", messages });
      expect(answer.choices[0]!.message.content).toBe("answer of small");
    }
    await logged.router.flush();
    expect(logged.router.stats()).toMatchObject({ recorded: 0, lost: 5 });
    rmSync(folder, { recursive: true });
  });

  test("a full disk loses lines and fails no call", async () => {
    const logged = await recordedRouter({}, { decisionLog: "/dev/full" });
    const { openai } = routed({ router: logged.router });
    await openai.chat.completions.create({ model: "large", messages });
    await logged.router.flush();
    expect(logged.router.stats()).toMatchObject({ recorded: 0, lost: 1 });
  });

  test("a sink that throws or rejects loses its record only", async () => {
    const sinks = [
      () => {
        throw new Error("planted");
      },
      async () => {
        throw new Error("planted");
      },
    ];
    for (const decisionLog of sinks) {
      const logged = await recordedRouter({}, { decisionLog });
      await routed({ router: logged.router }).openai.chat.completions.create({ model: "large", messages });
      await logged.router.flush();
      expect(logged.router.stats()).toMatchObject({ recorded: 0, lost: 1 });
    }
  });

  test("holds neither prompt nor answer", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-log-"));
    const path = join(folder, "decisions.jsonl");
    const logged = await recordedRouter({}, { decisionLog: path });
    await routed({ router: logged.router }).openai.chat.completions.create(
      { model: "large", messages },
      { headers: { "x-signalbox-session": "raw session" } },
    );
    await logged.router.flush();
    const line = readFileSync(path, "utf8");
    for (const secret of ["capital", "answer of", "raw session", "Bearer"])
      expect(line).not.toContain(secret);
    rmSync(folder, { recursive: true });
  });
});
