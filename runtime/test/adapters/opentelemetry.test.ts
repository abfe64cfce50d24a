import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  decisionAttributes,
  openTelemetrySink,
  setOnActiveSpan,
} from "../../src/adapters/opentelemetry/opentelemetry-sink.js";
import type { Router } from "../../src/router/router.js";
import { recordingRouter } from "../support/recording-router.js";
import { easy } from "../support/scripted-router.js";

/** What @opentelemetry/context-async-hooks does, in short. */
class LocalContexts implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();
  active = () => this.storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager["with"] = (inner, run, thisArg, ...args) =>
    this.storage.run(inner, () => run.call(thisArg as never, ...args));
  bind: ContextManager["bind"] = (_, target) => target;
  enable = () => this;
  disable = () => this;
}

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const request = { prompt: "Write an essay about the history of canals.", requestId: "r1" };
let root: string;
let router: Router;

beforeAll(async () => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new LocalContexts());
  root = mkdtempSync(join(tmpdir(), "signalbox-otel-"));
  const decisionLog = await openTelemetrySink();
  const clock = () => new Date("2026-05-01T12:00:00Z");
  ({ router } = await recordingRouter(root, () => easy, {}, { decisionLog, clock }));
});
afterAll(() => {
  trace.disable();
  context.disable();
  rmSync(root, { recursive: true, force: true });
});
afterEach(() => exporter.reset());

describe("the decision log as spans", () => {
  test("puts a record on the span that is active", () => {
    trace.getTracer("test").startActiveSpan("chat", (span) => {
      router.record(router.decide(request), { usage: { prompt_tokens: 9, completion_tokens: 4 } });
      span.end();
    });
    const [span, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span!.name).toBe("chat");
    expect(span!.attributes).toMatchObject({
      "gen_ai.request.model": "small",
      "gen_ai.usage.input_tokens": 9,
      "gen_ai.usage.output_tokens": 4,
      "signalbox.request_id": "r1",
      "signalbox.artifact": "random-00000000",
      "signalbox.decision.model": "small",
      "signalbox.decision.default_model": "large",
      "signalbox.decision.reasons": ["sufficient"],
      "signalbox.decision.tier": 0,
      "signalbox.decision.escalated": false,
      "signalbox.decision.propensity": 1,
    });
  });

  test("makes a span as long as the call where none is active", () => {
    router.record(router.decide(request), { latencyMs: 1_500 });
    const [span] = exporter.getFinishedSpans();
    expect(span!.name).toBe("route small");
    expect(span!.duration).toEqual([1, 500_000_000]);
    expect(span!.endTime[0]).toBe(Date.parse("2026-05-01T12:00:00Z") / 1_000);
    expect(span!.attributes["signalbox.call.latency_ms"]).toBe(1_500);
  });

  test("takes a trace API that is passed in", async () => {
    const seen: unknown[] = [];
    const sink = await openTelemetrySink({
      trace: {
        getActiveSpan: () => ({ setAttributes: (attributes) => seen.push(attributes) }),
        getTracer: () => {
          throw new Error("not needed");
        },
      },
    });
    const passed = await recordingRouter(join(root, "passed"), () => easy, {}, { decisionLog: sink });
    passed.router.record(passed.router.decide(request));
    expect(seen).toHaveLength(1);
    expect(passed.router.stats()).toMatchObject({ recorded: 1, lost: 0 });
  });

  test("counts a record as lost when tracing throws", async () => {
    const sink = await openTelemetrySink({
      trace: {
        getActiveSpan: () => {
          throw new Error("broken exporter");
        },
        getTracer: () => {
          throw new Error("not needed");
        },
      },
    });
    const broken = await recordingRouter(join(root, "broken"), () => easy, {}, { decisionLog: sink });
    broken.router.record(broken.router.decide(request));
    expect(broken.router.stats()).toMatchObject({ recorded: 0, lost: 1 });
  });
});

test("sets a decision on the active span alone", () => {
  setOnActiveSpan(router.decide(request), {}, { trace });
  trace.getTracer("test").startActiveSpan("chat", (span) => {
    setOnActiveSpan(router.decide(request), { servedModel: "medium" }, { trace });
    span.end();
  });
  const [span, ...others] = exporter.getFinishedSpans();
  expect(others).toEqual([]);
  expect(span!.attributes).toMatchObject({
    "gen_ai.response.model": "medium",
    "signalbox.decision.model": "small",
  });
});

describe("attributes of a decision", () => {
  test("leave out what isn't known, and hold no content", () => {
    const attributes = decisionAttributes(router.decide(request));
    expect(Object.values(attributes)).not.toContain(null);
    expect(Object.keys(attributes)).not.toContain("gen_ai.usage.input_tokens");
    expect(Object.keys(attributes)).not.toContain("error.type");
    expect(JSON.stringify(attributes)).not.toContain("canals");
  });

  test("name an error by its class, and seconds to the first chunk", () => {
    const result = { error: new Error("secret text"), errorClass: "rate_limited", ttftMs: 250 };
    const attributes = decisionAttributes(router.decide(request), result);
    expect(attributes).toMatchObject({
      "error.type": "rate_limited",
      "gen_ai.response.time_to_first_chunk": 0.25,
    });
    expect(JSON.stringify(attributes)).not.toContain("secret");
  });

  test.each<[string, object, Record<string, number | undefined>]>([
    [
      "OpenAI chat",
      {
        prompt_tokens: 120,
        completion_tokens: 30,
        prompt_tokens_details: { cached_tokens: 100 },
        completion_tokens_details: { reasoning_tokens: 20 },
      },
      { input: 120, read: 100, write: undefined, output: 30, reasoning: 20 },
    ],
    [
      "OpenAI responses",
      {
        input_tokens: 120,
        output_tokens: 30,
        input_tokens_details: { cached_tokens: 100 },
        output_tokens_details: { reasoning_tokens: 20 },
      },
      { input: 120, read: 100, write: undefined, output: 30, reasoning: 20 },
    ],
    [
      "Anthropic",
      {
        input_tokens: 15,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 5,
        output_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 5 },
      },
      { input: 120, read: 100, write: 5, output: 30, reasoning: undefined },
    ],
    [
      "Bedrock",
      { inputTokens: 15, cacheReadInputTokens: 100, cacheWriteInputTokens: 5, outputTokens: 30 },
      { input: 120, read: 100, write: 5, output: 30, reasoning: undefined },
    ],
    [
      "LiteLLM on Anthropic",
      {
        prompt_tokens: 120,
        completion_tokens: 30,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 5,
      },
      { input: 120, read: 100, write: 5, output: 30, reasoning: undefined },
    ],
    [
      "Gemini",
      {
        promptTokenCount: 120,
        cachedContentTokenCount: 100,
        candidatesTokenCount: 10,
        thoughtsTokenCount: 20,
      },
      { input: 120, read: 100, write: undefined, output: 30, reasoning: 20 },
    ],
    [
      "the AI SDK",
      {
        inputTokens: 120,
        inputTokenDetails: { noCacheTokens: 15, cacheReadTokens: 100, cacheWriteTokens: 5 },
        outputTokens: 30,
        outputTokenDetails: { reasoningTokens: 20 },
      },
      { input: 120, read: 100, write: 5, output: 30, reasoning: 20 },
    ],
    ["nothing known", { total: 7, note: "text" }, {}],
  ])("count tokens in one way: %s", (_, usage, expected) => {
    const attributes = decisionAttributes(router.decide(request), { usage });
    expect({
      input: attributes["gen_ai.usage.input_tokens"],
      read: attributes["gen_ai.usage.cache_read.input_tokens"],
      write: attributes["gen_ai.usage.cache_creation.input_tokens"],
      output: attributes["gen_ai.usage.output_tokens"],
      reasoning: attributes["gen_ai.usage.reasoning.output_tokens"],
    }).toEqual({
      input: undefined,
      read: undefined,
      write: undefined,
      output: undefined,
      reasoning: undefined,
      ...expected,
    });
  });
});
