import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createRoutedFetch } from "../../src/adapters/routed-fetch.js";
import type { RoutedFetchOptions } from "../../src/adapters/routed-fetch-options.js";
import { type ModelServer, plantedUsage, startModelServer } from "../support/model-server.js";
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
  scripted.script.says = "easy";
});
afterEach(() => server.close());

const messages = [{ role: "user" as const, content: "What is the capital of France?" }];

function routed(options: Partial<RoutedFetchOptions> = {}) {
  const fetch = createRoutedFetch({ router: scripted.router, ...options });
  return {
    fetch,
    openai: new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, fetch, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey: "key", baseURL: server.url, fetch, maxRetries: 0 }),
  };
}

function post(
  fetch: ReturnType<typeof createRoutedFetch>,
  body: RequestInit["body"],
  init: RequestInit = {},
) {
  return fetch(`${server.url}/v1/chat/completions`, { method: "POST", body, ...init });
}

const plainBody = JSON.stringify({ model: "large", messages });

describe("with the openai and Anthropic SDKs", () => {
  test("a chat completion goes to the model that the router chooses", async () => {
    const { openai } = routed();
    const { data, response } = await openai.chat.completions
      .create({ model: "large", messages })
      .withResponse();
    expect(data.choices[0]!.message.content).toBe("answer of small");
    expect(server.calls.map(({ body }) => body)).toEqual([{ model: "small", messages }]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-signalbox-decision": "small",
      "x-signalbox-served": "small",
      "x-signalbox-reasons": "sufficient",
      "x-signalbox-artifact": "random-00000000",
      "x-signalbox-request-id": scripted.records[0]!.request_id,
      "x-request-id": "req_planted",
    });
    expect(response.url).toBe(`${server.url}/v1/chat/completions`);
    expect(scripted.records).toHaveLength(1);
    expect(scripted.records[0]).toMatchObject({
      decided_model: "small",
      served_model: "small-2026-01-01",
      usage: plantedUsage.chat,
      finish_reason: "stop",
      ttft_ms: null,
      error: null,
      error_class: null,
      attempts: [],
      retry: 0,
    });
  });

  test("a chat stream's usage is logged when its caller asked for it", async () => {
    const { openai } = routed();
    const stream = await openai.chat.completions.create({
      model: "large",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("answer of small");
    expect(chunks.at(-1)!.usage).toEqual(plantedUsage.chat);
    expect(scripted.records).toMatchObject([
      { usage: plantedUsage.chat, finish_reason: "stop", error: null },
    ]);
    expect(scripted.records[0]!.ttft_ms).toBeGreaterThan(0);
  });

  test("a chat stream without usage stays without, and its record too", async () => {
    const { openai } = routed();
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    for await (const chunk of stream) expect(chunk.choices).toHaveLength(1);
    expect(server.calls[0]!.body.stream_options).toBeUndefined();
    expect(scripted.records).toMatchObject([{ usage: null, finish_reason: "stop" }]);
  });

  test("includeUsage asks for usage and keeps the extra chunk from the caller", async () => {
    const { openai } = routed({ includeUsage: true });
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    const words: string[] = [];
    for await (const chunk of stream) words.push(chunk.choices[0]!.delta.content ?? "");
    expect(words.join("")).toBe("answer of small");
    expect(server.calls[0]!.body.stream_options).toEqual({ include_usage: true });
    expect(scripted.records).toMatchObject([
      { usage: plantedUsage.chat, finish_reason: "stop", error: null },
    ]);
  });

  test("a response of the responses API is routed and read, plain and streamed", async () => {
    const { openai } = routed();
    const plain = await openai.responses.create({ model: "large", input: "What is the capital of France?" });
    expect(plain.output_text).toBe("answer of small");
    const stream = await openai.responses.create({
      model: "large",
      input: "And of Spain, I wonder?",
      stream: true,
    });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types.at(-1)).toBe("response.completed");
    const wanted = {
      served_model: "small-2026-01-01",
      usage: plantedUsage.responses,
      finish_reason: "completed",
    };
    expect(scripted.records).toMatchObject([wanted, wanted]);
  });

  test("an Anthropic message is routed and read, plain and streamed", async () => {
    const { anthropic } = routed();
    const request = { model: "large", max_tokens: 100, messages };
    const plain = await anthropic.messages.create(request);
    expect(plain.content).toEqual([{ type: "text", text: "answer of small" }]);
    const streamed = await anthropic.messages.stream(request).finalMessage();
    expect(streamed.content).toMatchObject([{ type: "text", text: "answer of small" }]);
    const wanted = {
      served_model: "small-20260101",
      usage: plantedUsage.messages,
      finish_reason: "end_turn",
    };
    expect(scripted.records).toMatchObject([wanted, wanted]);
    expect(server.calls.map(({ body }) => body.model)).toEqual(["small", "small"]);
  });

  test("chunks of a stream arrive as they are sent", async () => {
    const { openai } = routed();
    let release = () => {};
    const seen = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behaviours.small = { hold: (piece) => (piece === 2 ? seen : undefined) };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    const words: string[] = [];
    for await (const chunk of stream) {
      words.push(chunk.choices[0]!.delta.content ?? "");
      if (words.join("") === "answer ") release();
    }
    expect(words.join("")).toBe("answer of small");
  });

  test("a stream's response comes before its first chunk is sent", async () => {
    const { openai } = routed();
    let release = () => {};
    const seen = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behaviours.small = { hold: (piece) => (piece === 0 ? seen : undefined) };
    const stream = await openai.chat.completions.create({ model: "large", messages, stream: true });
    release();
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(3);
  });

  test("the SDK retries a rate limit as it would without a router, and each try is logged", async () => {
    const { fetch } = routed();
    const openai = new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, fetch, maxRetries: 2 });
    for (const model of ["small", "medium", "large"]) server.behaviours[model] = { fault: "429" };
    const headers = { "x-signalbox-request-id": "r1" };
    const error = await openai.chat.completions
      .create({ model: "large", messages }, { headers })
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error.headers.get("retry-after")).toBe("7");
    expect(error.headers.get("x-should-retry")).toBe("true");
    expect(error.code).toBe("rate_limit_exceeded");
    expect(scripted.records.map(({ request_id, retry }) => [request_id, retry])).toEqual([
      ["r1", 0],
      ["r1", 1],
      ["r1", 2],
    ]);
    expect(scripted.records.map(({ attempts }) => attempts.map(({ model }) => model))).toEqual(
      Array(3).fill(["small", "medium", "large"]),
    );
    expect(fetch.stats()).toMatchObject({ routed: 3, switched: 3, fallbacks: 6, failed: 3 });
  });
});

describe("what is left alone", () => {
  test("an opted-out call goes out with its own bytes, without the header", async () => {
    const { fetch } = routed();
    const body = `  ${plainBody}`;
    const response = await post(fetch, body, { headers: { "x-signalbox-route": "off", "x-other": "1" } });
    expect(server.calls[0]).toMatchObject({ text: body, headers: { "x-other": "1" } });
    expect(server.calls[0]!.headers["x-signalbox-route"]).toBeUndefined();
    expect(response.headers.get("x-signalbox-decision")).toBeNull();
    expect(scripted.records).toEqual([]);
    expect(fetch.stats().passed.opted_out).toBe(1);
  });

  test("other calls pass through, response and all", async () => {
    const given: unknown[] = [];
    const answer = new Response("{}");
    const fetch = createRoutedFetch({
      router: scripted.router,
      fetch: async (...args) => {
        given.push(args);
        return answer;
      },
    });
    const others: Array<[string, RequestInit?]> = [
      [`${server.url}/v1/embeddings`, { method: "POST", body: plainBody }],
      [`${server.url}/v1/messages/batches`, { method: "POST", body: plainBody }],
      [`${server.url}/v1/messages/count_tokens`, { method: "POST", body: plainBody }],
      [`${server.url}/v1/threads/thread_1/messages`, { method: "POST", body: plainBody }],
      [`${server.url}/v1/responses/resp_1`, { method: "GET" }],
      [`${server.url}/v1/responses`],
      [
        `${server.url}/openai/deployments/large/chat/completions?api-version=1`,
        { method: "POST", body: plainBody },
      ],
    ];
    for (const other of others) expect(await fetch(...other)).toBe(answer);
    expect(given).toEqual(others.map(([url, init]) => [url, init]));
    expect(fetch.stats()).toMatchObject({ routed: 0, passed: { other_call: others.length } });
  });

  test("headers for the router go out with no call, whatever it asks for", async () => {
    const { openai } = routed();
    const headers = { "x-signalbox-session": "s1", "x-signalbox-meta-app": "a", "x-other": "1" };
    const seen: Headers[] = [];
    const fetch = createRoutedFetch({
      router: scripted.router,
      fetch: async (_, init) => {
        seen.push(new Headers(init?.headers));
        return new Response("{}");
      },
    });
    await fetch(`${server.url}/v1/embeddings`, { method: "POST", body: plainBody, headers });
    await fetch(new Request(`${server.url}/v1/models`, { headers }));
    await post(fetch, "unreadable", { headers });
    expect(seen.map((given) => [...given.keys()])).toEqual(Array(3).fill(["x-other"]));
    await openai.chat.completions.create({ model: "large", messages }, { headers });
    expect(server.calls[0]!.headers).toMatchObject({ "x-other": "1" });
  });

  const unreadable: Array<[string, RequestInit["body"]]> = [
    ["no JSON", "hello"],
    ["a list", `[${plainBody}]`],
    ["no model", JSON.stringify({ messages })],
    ["a model that is no name", JSON.stringify({ model: 4, messages })],
    ["bytes that aren't UTF-8", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ["nothing", null],
    ["a form", new URLSearchParams({ model: "large" })],
  ];
  test.each(unreadable)("a body of %s goes out as it is", async (_, body) => {
    const given: RequestInit[] = [];
    const fetch = createRoutedFetch({
      router: scripted.router,
      fetch: async (_, init) => {
        given.push(init!);
        return new Response("{}");
      },
    });
    await post(fetch, body);
    expect(given[0]!.body).toBe(body);
    expect(fetch.stats()).toMatchObject({ routed: 0, passed: { unreadable_body: 1 } });
  });

  test("a stream is sent as a stream, unrouted and counted", async () => {
    const { fetch } = routed();
    const body = new Blob([plainBody]).stream();
    await post(fetch, body, { duplex: "half" } as RequestInit);
    expect(server.calls[0]!.body.model).toBe("large");
    expect(fetch.stats()).toMatchObject({ routed: 0, passed: { unreadable_body: 1 } });
  });

  test("a request that leans on the provider's state keeps the caller's model, unless switching is allowed", async () => {
    const request = { model: "large", input: "And of Spain, I wonder?", previous_response_id: "resp_0" };
    await routed().openai.responses.create(request);
    await routed({ switchesState: true }).openai.responses.create(request);
    expect(server.calls.map(({ body }) => body.model)).toEqual(["large", "small"]);
    expect(scripted.records[0]).toMatchObject({ decided_model: "large", served_model: "large-2026-01-01" });
    expect(scripted.records[0]!.reasons[0]).toBe("constraint:state");
  });

  test("the caller's model answers while the router is switched off or faulty, and the record says why", async () => {
    const { openai } = routed();
    const ask = () => openai.chat.completions.create({ model: "medium", messages });
    scripted.router.disable();
    await ask();
    scripted.router.enable();
    scripted.script.says = "throw";
    await ask();
    expect(server.calls.map(({ body }) => body.model)).toEqual(["medium", "medium"]);
    expect(scripted.records.map(({ reasons }) => reasons)).toEqual([["disabled:call"], ["error:predict"]]);
  });

  test("a router that throws everywhere changes nothing", async () => {
    const fault = () => {
      throw new Error("planted");
    };
    const broken = { decide: fault, record: fault, fallbacksAfter: fault, policy: null };
    const { openai, fetch } = routed({ router: broken as never });
    const answer = await openai.chat.completions.create({ model: "large", messages });
    expect(answer.choices[0]!.message.content).toBe("answer of large");
    expect(fetch.stats()).toMatchObject({ routed: 0, passed: { fault: 1 } });
    const halfBroken = { ...broken, decide: scripted.router.decide.bind(scripted.router) };
    server.behaviours.small = { fault: "500" };
    const second = await routed({ router: halfBroken as never }).openai.chat.completions.create({
      model: "large",
      messages,
    });
    expect(second.choices[0]!.message.content).toBe("answer of large");
  });

  test("options of the caller's that throw leave the call as it was", async () => {
    const { openai, fetch } = routed({
      sessionOf: () => {
        throw new Error("planted");
      },
    });
    await openai.chat.completions.create({ model: "large", messages });
    expect(server.calls[0]!.body.model).toBe("large");
    expect(fetch.stats().passed.fault).toBe(1);
  });

  test("in mode observe nothing changes, and the decision is logged beside what answered", async () => {
    const { openai } = routed({ mode: "observe" });
    const { response } = await openai.chat.completions.create({ model: "large", messages }).withResponse();
    expect(server.calls[0]!.body.model).toBe("large");
    expect(response.headers.get("x-signalbox-decision")).toBe("small");
    expect(response.headers.get("x-signalbox-served")).toBe("large");
    expect(scripted.records).toMatchObject([{ decided_model: "small", served_model: "large-2026-01-01" }]);
  });
});

describe("requests", () => {
  const bodies: Array<[string, (text: string) => RequestInit["body"]]> = [
    ["a string", (text) => text],
    ["a Uint8Array", (text) => new TextEncoder().encode(text)],
    ["a Buffer out of a pool", (text) => Buffer.from(text)],
    ["an ArrayBuffer", (text) => new TextEncoder().encode(text).buffer],
    ["a DataView", (text) => new DataView(new TextEncoder().encode(text).buffer)],
    ["a Blob", (text) => new Blob([text])],
  ];
  test.each(bodies)("%s is routed; all but the model keeps its bytes", async (_, bodyOf) => {
    const { fetch } = routed();
    const text = `{ "seed": 12345678901234567890, "model" : "large",\n "x": {"model": "large"}, "messages": [{"role": "user", "content": "Où est \\"model\\": 📍?"}] }`;
    await post(fetch, bodyOf(text));
    expect(server.calls[0]!.text).toBe(text.replace('"model" : "large"', '"model" : "small"'));
  });

  test("a Request is routed, and can't be told from its parts", async () => {
    const { fetch } = routed();
    const request = new Request(`${server.url}/v1/chat/completions?a=1`, {
      method: "POST",
      body: plainBody,
      headers: { authorization: "Bearer key", "x-signalbox-session": "s1" },
    });
    const response = await fetch(request);
    await response.text();
    expect(server.calls[0]).toMatchObject({
      body: { model: "small" },
      query: "?a=1",
      headers: { authorization: "Bearer key" },
    });
    expect(scripted.records[0]!.session_hash).toMatch(/^[0-9a-f]{24}$/);
  });

  test("headers and options name the session, the request and its facts, and don't go out", async () => {
    const { fetch, openai } = routed({
      metaOf: ({ api, body }) => ({ app: api, plan: String(body.model) }),
      sessionOf: ({ body }) => (body.metadata as { session?: string } | undefined)?.session,
    });
    const headers = {
      "x-signalbox-session": "s1",
      "x-signalbox-request-id": "r1",
      "x-signalbox-meta-app": "support",
    };
    await openai.chat.completions.create({ model: "large", messages }, { headers });
    await openai.chat.completions.create({ model: "large", messages, metadata: { session: "s1" } });
    const [first, second] = scripted.records;
    expect(first).toMatchObject({ request_id: "r1" });
    expect(second!.session_hash).toBe(first!.session_hash);
    expect(Object.keys(server.calls[0]!.headers).filter((name) => name.includes("signalbox"))).toEqual([]);
    expect(fetch.stats()).toMatchObject({ routed: 2, switched: 2 });
  });

  test("a session stays on its model: a follow-up doesn't drop, and a harder turn rises", async () => {
    const { openai } = routed();
    const headers = { "x-signalbox-session": "that rises" };
    const ask = (content: string) =>
      openai.chat.completions.create(
        {
          model: "medium",
          messages: [...messages, { role: "assistant", content: "Paris." }, { role: "user", content }],
        },
        { headers },
      );
    scripted.script.says = "hard";
    await ask("Prove in detail that it has been the capital since 987.");
    scripted.script.says = "easy";
    await ask("yes");
    expect(server.calls.map(({ body }) => body.model)).toEqual(["large", "large"]);
  });

  test("200 calls at once are all routed, answered and logged", async () => {
    const { openai, fetch } = routed();
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        server.behaviours.small = {};
        const request = {
          model: "large",
          messages: [{ role: "user" as const, content: `Question number ${i}, please.` }],
        };
        if (i % 2 === 0) return (await openai.chat.completions.create(request)).choices[0]!.message.content;
        let text = "";
        for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
          text += chunk.choices[0]!.delta.content ?? "";
        }
        return text;
      }),
    );
    expect(new Set(answers)).toEqual(new Set(["answer of small"]));
    expect(scripted.records).toHaveLength(200);
    expect(new Set(scripted.records.map(({ request_id }) => request_id)).size).toBe(200);
    expect(fetch.stats()).toMatchObject({ routed: 200, switched: 200, failed: 0, aborted: 0 });
  });
});

describe("options", () => {
  const wrong: Array<[Partial<RoutedFetchOptions>, string]> = [
    [{ maxAttempts: 0 }, "maxAttempts is 0"],
    [{ maxAttempts: Number.NaN }, "maxAttempts is NaN"],
    [{ attemptTimeoutMs: -1 }, "attemptTimeoutMs is -1"],
    [{ mode: "shadow" as never }, "mode is shadow"],
  ];
  test.each(wrong)("%j is refused", (options, message) => {
    expect(() => createRoutedFetch({ router: scripted.router, ...options })).toThrow(message);
  });
});
