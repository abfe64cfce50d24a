import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RoutedModelOptions, routedModel } from "../../src/adapters/ai-sdk/routed-model.js";
import type { DecisionRecord } from "../../src/log/decision-record.js";
import type { Decision } from "../../src/router/decision.js";
import type { Router } from "../../src/router/router.js";
import { answering, breaking, type ChatBehaviour, failing, startChatServer } from "../support/chat-server.js";
import { middling, recordingRouter } from "../support/recording-router.js";
import { easy, hard } from "../support/scripted-router.js";

let root: string;
let router: Router;
let records: DecisionRecord[];
let says = easy;
const behaviours: Record<string, ChatBehaviour> = {};
let server: Awaited<ReturnType<typeof startChatServer>>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "signalbox-ai-sdk-"));
  ({ router, records } = await recordingRouter(root, () => says));
  server = await startChatServer(behaviours);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});
afterEach(() => {
  says = easy;
  records.length = 0;
  server.calls.length = 0;
  for (const name of Object.keys(behaviours)) delete behaviours[name];
});

const names = ["small", "medium", "large"];

function routed(options: Partial<RoutedModelOptions> = {}) {
  const provider = createOpenAICompatible({
    name: "loopback",
    baseURL: server.url,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const models = Object.fromEntries(names.map((name) => [name, provider(name)]));
  return routedModel({ router, models, ...options });
}

const call = { prompt: "What is the weather like in the capital of France today?", maxRetries: 0 };

describe("generateText through a routed model", () => {
  test.each([
    ["small", easy],
    ["medium", middling],
    ["large", hard],
  ])("is answered by %s where the router says so", async (model, probabilities) => {
    says = probabilities;
    const { text } = await generateText({ ...call, model: routed() });
    expect(text).toBe(model);
    expect(server.models()).toEqual([model]);
  });

  test("carries the decision and records the provider's usage under its own names", async () => {
    const seen: Decision[] = [];
    const model = routed({ onDecision: (decision) => seen.push(decision) });
    const result = await generateText({ ...call, model });
    expect(result.providerMetadata?.signalbox).toMatchObject({
      requestId: seen[0]!.requestId,
      model: "small",
      servedModel: "small",
      reasons: ["sufficient"],
    });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      request_id: seen[0]!.requestId,
      decided_model: "small",
      served_model: "small",
      finish_reason: "stop",
      attempts: [],
      ttft_ms: null,
      error: null,
      usage: { prompt_tokens: 120, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 100 } },
    });
    expect(records[0]!.latency_ms).toBeGreaterThan(0);
  });

  test("takes session, request id and facts from the call, and from hooks before those", async () => {
    const decided: string[] = [];
    const onDecision = ({ requestId, sessionHash }: Decision) => decided.push(`${requestId} ${sessionHash}`);
    const providerOptions = { signalbox: { sessionId: "s1", requestId: "r1" } };
    await generateText({ ...call, model: routed({ onDecision }), providerOptions });
    await generateText({ ...call, model: routed({ onDecision, sessionOf: () => "s1" }) });
    await generateText({ ...call, model: routed({ onDecision, sessionOf: () => "s2" }), providerOptions });
    const [first, second, third] = decided.map((line) => line.split(" "));
    expect(first![0]).toBe("r1");
    expect(first![1]).toBe(second![1]);
    expect(third![1]).not.toBe(first![1]);
  });

  test("runs tools, and routes each step", async () => {
    behaviours.small = (given, response) => {
      const isSecond = JSON.stringify(given.body.messages).includes('"tool"');
      const calls = [
        { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Paris"}' } },
      ];
      answering(isSecond ? "It rains." : "", isSecond ? {} : { tool_calls: calls })(given, response);
    };
    const weather = tool({
      inputSchema: jsonSchema<{ city: string }>({
        type: "object",
        properties: { city: { type: "string" } },
      }),
      execute: async ({ city }) => `rain in ${city}`,
    });
    const { text, steps } = await generateText({
      ...call,
      model: routed(),
      tools: { weather },
      stopWhen: stepCountIs(3),
    });
    expect(text).toBe("It rains.");
    expect(steps).toHaveLength(2);
    expect(records.map(({ finish_reason }) => finish_reason)).toEqual(["tool_calls", "stop"]);
  });

  test("gives a structured answer, and tells the router that JSON is wanted", async () => {
    behaviours.large = answering('{"answer":42}');
    behaviours.small = answering("no JSON");
    const noJson = { ...(await import("../support/two-model-policy.js")).twoModelPolicy().models[0]! };
    const models = names.map((model) => ({ ...noJson, model, supports_json: model === "large" }));
    const strict = await recordingRouter(join(root, "json"), () => easy, { policy: { models } });
    const { output, providerMetadata } = await generateText({
      ...call,
      model: routed({ router: strict.router }),
      output: Output.object({
        schema: jsonSchema<{ answer: number }>({
          type: "object",
          properties: { answer: { type: "number" } },
          required: ["answer"],
        }),
      }),
    });
    expect(output).toEqual({ answer: 42 });
    expect(providerMetadata?.signalbox?.reasons).toContain("constraint:json");
    expect(server.calls[0]!.body.response_format).toMatchObject({ type: "json_schema" });
  });

  test("goes to the next model after a failure that another may not have", async () => {
    behaviours.small = failing(429, "rate_limit_exceeded");
    behaviours.medium = failing(503, "overloaded");
    const { text, providerMetadata } = await generateText({ ...call, model: routed() });
    expect(text).toBe("large");
    expect(server.models()).toEqual(names);
    expect(providerMetadata?.signalbox).toMatchObject({ model: "small", servedModel: "large" });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ decided_model: "small", served_model: "large", error: null });
    expect(records[0]!.attempts.map(({ model, error_class }) => [model, error_class])).toEqual([
      ["small", "rate_limited"],
      ["medium", "overloaded"],
      ["large", null],
    ]);
  });

  test("goes to the next model when a connection breaks", async () => {
    behaviours.small = breaking();
    const { text } = await generateText({ ...call, model: routed() });
    expect(text).toBe("medium");
    expect(records[0]!.attempts[0]).toMatchObject({ model: "small", error_class: "network" });
  });

  test("stays with a failure that is the request's own, and throws what the provider said", async () => {
    behaviours.small = failing(400, "invalid_request_error");
    await expect(generateText({ ...call, model: routed() })).rejects.toThrow(/it is invalid_request_error/);
    expect(server.models()).toEqual(["small"]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ error_class: "bad_request", finish_reason: null, usage: null });
  });

  test("throws the last failure when every model fails, and records one line", async () => {
    for (const name of names) behaviours[name] = failing(503, `down_${name}`);
    await expect(generateText({ ...call, model: routed() })).rejects.toThrow(/down_large/);
    expect(records).toHaveLength(1);
    expect(records[0]!.attempts).toHaveLength(3);
  });

  test("calls no other model for a caller who has aborted", async () => {
    const abort = new AbortController();
    behaviours.small = () => abort.abort();
    await expect(generateText({ ...call, model: routed(), abortSignal: abort.signal })).rejects.toThrow(
      /abort/i,
    );
    expect(server.models()).toEqual(["small"]);
    expect(records).toHaveLength(1);
  });

  test("never calls a model that it wasn't given", async () => {
    const provider = createOpenAICompatible({ name: "loopback", baseURL: server.url });
    const models = { medium: provider("medium"), large: provider("large") };
    const { text } = await generateText({ ...call, model: routed({ models }) });
    expect(text).toBe("medium");
    router.disable();
    const only = await generateText({ ...call, model: routed({ models: { medium: provider("medium") } }) });
    router.enable();
    expect(only.text).toBe("medium");
    expect(only.providerMetadata?.signalbox?.reasons).toEqual(["disabled:call"]);
  });

  test("answers although every hook throws", async () => {
    const fail = () => {
      throw new Error("hook");
    };
    const model = routed({ onDecision: fail, sessionOf: fail, metaOf: fail });
    expect((await generateText({ ...call, model })).text).toBe("small");
  });
});

describe("streamText through a routed model", () => {
  test("streams, carries the decision at the end and records time to first token", async () => {
    behaviours.small = answering("one two three");
    const result = streamText({ ...call, model: routed() });
    const words: string[] = [];
    for await (const word of result.textStream) words.push(word);
    expect(words).toEqual(["one", " two", " three"]);
    expect((await result.providerMetadata)?.signalbox).toMatchObject({ servedModel: "small" });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ finish_reason: "stop", usage: { prompt_tokens: 120 } });
    expect(records[0]!.ttft_ms).toBeGreaterThan(0);
    expect(records[0]!.ttft_ms).toBeLessThanOrEqual(records[0]!.latency_ms!);
  });

  test("goes to the next model before the first word", async () => {
    behaviours.small = failing(500, "server_error");
    const { textStream } = streamText({ ...call, model: routed() });
    const words: string[] = [];
    for await (const word of textStream) words.push(word);
    expect(words).toEqual(["medium"]);
    expect(records[0]!.attempts.map(({ model }) => model)).toEqual(["small", "medium"]);
  });

  test("does not go to another model after the first word, and records the failure", async () => {
    behaviours.small = breaking("half an ans");
    const { textStream } = streamText({ ...call, model: routed(), onError: () => {} });
    const words: string[] = [];
    const readAll = async () => {
      for await (const word of textStream) words.push(word);
    };
    await expect(readAll()).rejects.toThrow(/successful response/);
    expect(words).toEqual(["half an ans"]);
    expect(server.models()).toEqual(["small"]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ error_class: "network", served_model: "small" });
  });

  test("records a stream that its reader leaves", async () => {
    behaviours.small = answering("one two three");
    const { stream } = await routed().doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    });
    const reader = stream.getReader();
    await reader.read();
    expect(records).toEqual([]);
    await reader.cancel();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ error: "cancelled", finish_reason: null });
  });

  test("keeps calls apart that run at the same time", async () => {
    behaviours.small = answering("a b c d");
    const texts = await Promise.all(
      Array.from({ length: 40 }, async () => await streamText({ ...call, model: routed() }).text),
    );
    expect(new Set(texts)).toEqual(new Set(["a b c d"]));
    expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(40);
  });
});

test("refuses to be made of no model", () => {
  expect(() => routedModel({ router, models: {} })).toThrow(/give at least one/);
});

test("says which URLs every model fetches by itself", async () => {
  const withUrls = (supportedUrls: Record<string, RegExp[]>) =>
    ({ specificationVersion: "v3", provider: "p", modelId: "m", supportedUrls }) as never;
  const models = {
    small: withUrls({ "image/*": [/^https:/, /^gs:/], "application/pdf": [/^https:/] }),
    large: withUrls({ "image/*": [/^https:/] }),
  };
  expect(await routed({ models }).supportedUrls).toEqual({ "image/*": [/^https:/] });
});
