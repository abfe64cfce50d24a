import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import type { PolicyModel } from "../src/artifact/artifact.js";
import { ErrorClass, type FallbackRule } from "../src/artifact/operating-policy.js";
import { classifyError } from "../src/router/classify-error.js";
import { compilePolicy } from "../src/router/compile-policy.js";
import { defaultFallbacks, fallbacksAfter } from "../src/router/fallbacks-after.js";
import { throwingRequests } from "./support/hostile.js";
import { modelFacts, twoModelPolicy } from "./support/two-model-policy.js";

const openai = (code: string | null, type: string, message = "") => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message = "") => ({ type: "error", error: { type, message } });
const fetchFailed = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

describe("classifyError", () => {
  test.each<[ErrorClass, string, unknown, number | null]>([
    ["rate_limited", "OpenAI's rate limit", openai("rate_limit_exceeded", "tokens"), 429],
    ["rate_limited", "OpenAI's spent quota", openai("insufficient_quota", "insufficient_quota"), 429],
    ["context_length", "OpenAI's context", openai("context_length_exceeded", "invalid_request_error"), 400],
    ["auth", "OpenAI's wrong key", openai("invalid_api_key", "invalid_request_error"), 401],
    ["content_filter", "Azure's filter", openai("content_filter", "invalid_request_error"), 400],
    ["overloaded", "OpenAI's fault", openai(null, "server_error"), 500],
    ["unknown", "a model that OpenAI doesn't have", openai("model_not_found", "invalid_request_error"), 404],
    [
      "bad_request",
      "a parameter that OpenAI doesn't know",
      openai(null, "invalid_request_error", "Unknown parameter: 'foo'."),
      400,
    ],
    [
      "bad_request",
      "a bad request whose message quotes a prompt",
      openai(null, "invalid_request_error", "Invalid content: 'why did it time out?'"),
      400,
    ],
    ["overloaded", "Anthropic overloaded", anthropic("overloaded_error", "Overloaded"), 529],
    ["overloaded", "Anthropic overloaded within a stream", anthropic("overloaded_error", "Overloaded"), null],
    ["rate_limited", "Anthropic's rate limit", anthropic("rate_limit_error"), 429],
    [
      "context_length",
      "Anthropic's context",
      anthropic("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
      400,
    ],
    [
      "rate_limited",
      "Anthropic's spent credit",
      anthropic("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      400,
    ],
    [
      "bad_request",
      "Anthropic's bad request",
      anthropic("invalid_request_error", "messages: at least one message is required"),
      400,
    ],
    ["auth", "Anthropic's key", anthropic("authentication_error", "invalid x-api-key"), 401],
    ["context_length", "Anthropic's body limit", anthropic("request_too_large"), 413],
    [
      "rate_limited",
      "Gemini's quota",
      { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota" } },
      null,
    ],
    [
      "auth",
      "Gemini's key",
      {
        error: {
          code: 400,
          status: "INVALID_ARGUMENT",
          message: "API key not valid.",
          details: [{ reason: "API_KEY_INVALID" }],
        },
      },
      400,
    ],
    [
      "context_length",
      "Gemini's context",
      {
        error: {
          code: 400,
          status: "INVALID_ARGUMENT",
          message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        },
      },
      null,
    ],
    [
      "context_length",
      "Bedrock's context",
      { name: "ValidationException", message: "Input is too long for requested model." },
      400,
    ],
    [
      "rate_limited",
      "Bedrock's throttling",
      { name: "ThrottlingException", message: "Too many tokens, please wait." },
      429,
    ],
    [
      "rate_limited",
      "LiteLLM's text code",
      { error: { message: "No deployments available", type: "None", code: "429" } },
      null,
    ],
    ["context_length", "LiteLLM's wrapped context", "litellm.ContextWindowExceededError: too long", 500],
    ["rate_limited", "a JSON body as text", JSON.stringify(openai("rate_limit_exceeded", "tokens")), null],
    [
      "content_filter",
      "a gateway's moderation",
      { error: { code: 403, message: "Your input requires moderation" } },
      403,
    ],
    ["overloaded", "a proxy's page", "<html><h1>502 Bad Gateway</h1></html>", 502],
    ["timeout", "a gateway's timeout", "", 504],
    ["network", "a refused connection", fetchFailed("ECONNREFUSED"), null],
    ["network", "a reset stream", fetchFailed("UND_ERR_SOCKET"), null],
    ["timeout", "a connection that took too long", fetchFailed("UND_ERR_CONNECT_TIMEOUT"), null],
    [
      "timeout",
      "AbortSignal.timeout",
      new DOMException("The operation was aborted due to timeout", "TimeoutError"),
      null,
    ],
    ["unknown", "an abort", new DOMException("This operation was aborted", "AbortError"), null],
    ["network", "fetch without a cause", new TypeError("fetch failed"), null],
    ["unknown", "nothing", undefined, null],
  ])("%s: %s", (wanted, _, failure, status) => {
    expect(classifyError(failure, status)).toBe(wanted);
  });

  test.each<[ErrorClass, number | undefined, object | undefined]>([
    ["rate_limited", 429, openai("rate_limit_exceeded", "tokens").error],
    ["context_length", 400, openai("context_length_exceeded", "invalid_request_error").error],
    ["auth", 401, openai("invalid_api_key", "invalid_request_error").error],
    ["overloaded", 503, undefined],
    ["bad_request", 400, openai(null, "invalid_request_error").error],
  ])("%s: what the openai SDK throws for %s", (wanted, status, body) => {
    expect(
      classifyError(OpenAI.APIError.generate(status, body && { error: body }, undefined, new Headers())),
    ).toBe(wanted);
  });

  test.each<[ErrorClass, number, object]>([
    ["overloaded", 529, anthropic("overloaded_error", "Overloaded")],
    ["context_length", 400, anthropic("invalid_request_error", "prompt is too long: 5 tokens > 4 maximum")],
    ["auth", 403, anthropic("permission_error")],
    ["unknown", 404, anthropic("not_found_error", "model: claude-0")],
  ])("%s: what the Anthropic SDK throws for %s", (wanted, status, body) => {
    expect(classifyError(Anthropic.APIError.generate(status, body, undefined, new Headers()))).toBe(wanted);
  });

  test("connection errors of both SDKs are told from timeouts", () => {
    for (const { APIConnectionError, APIConnectionTimeoutError } of [OpenAI, Anthropic]) {
      expect(classifyError(new APIConnectionTimeoutError())).toBe("timeout");
      expect(classifyError(new APIConnectionError({ cause: fetchFailed("ECONNRESET") }))).toBe("network");
      expect(classifyError(new APIConnectionError({ message: undefined }))).toBe("network");
    }
  });

  test("never throws", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.cause = cyclic;
    cyclic.error = cyclic;
    expect(classifyError(cyclic)).toBe("unknown");
    const bomb = Object.defineProperty({}, "code", {
      get: () => {
        throw new Error("boom");
      },
    });
    for (const hostile of [bomb, ...throwingRequests()]) expect(classifyError(hostile)).toBe("unknown");
    fc.assert(
      fc.property(fc.anything(), fc.option(fc.integer()), (failure, status) => {
        expect(Object.values(ErrorClass)).toContain(classifyError(failure, status));
      }),
      { numRuns: 300 },
    );
  });
});

const models: PolicyModel[] = [
  modelFacts("a1", { provider: "a", context_window: 100 }),
  modelFacts("b1", { provider: "b", context_window: null }),
  modelFacts("a2", { provider: "a", context_window: 50 }),
  modelFacts("b2", { provider: "b", context_window: 200 }),
];
const decision = { model: "a1", fallbacks: ["b1", "a2", "b2"] };

describe("fallbacksAfter", () => {
  const after = (rule: FallbackRule | undefined, errorClass: string, tried?: string[]) => {
    const fallbacks = rule === undefined ? undefined : { [errorClass]: rule };
    const policy = twoModelPolicy({ models, strong_model: "b2", thresholds: {}, fallbacks });
    return fallbacksAfter(compilePolicy(policy, []), decision, errorClass, tried);
  };

  test.each<[FallbackRule, string[]]>([
    ["none", []],
    ["next", ["b1", "a2", "b2"]],
    ["dearer", ["b1", "a2", "b2"]],
    ["other_provider", ["b1", "b2", "a2"]],
    ["larger_context", ["b2", "b1"]],
  ])("%s gives %j", (rule, wanted) => {
    expect(after(rule, "timeout")).toEqual(wanted);
  });

  test("leaves out what was tried, and looks at the model that failed last", () => {
    expect(after("next", "unknown", ["a1", "b1"])).toEqual(["a2", "b2"]);
    expect(after("dearer", "unknown", ["a1", "a2"])).toEqual(["b2"]);
    expect(after("other_provider", "unknown", ["b2"])).toEqual(["b1", "a2"]);
    expect(after("larger_context", "unknown", ["a1", "b1"])).toEqual(["a2", "b2"]);
    expect(after("next", "unknown", ["b2", "a2", "b1"])).toEqual([]);
  });

  test("the defaults spare a request that no model can answer, and leave a provider in trouble", () => {
    expect(Object.keys(defaultFallbacks).sort()).toEqual(Object.values(ErrorClass).sort());
    for (const hopeless of ["auth", "bad_request", "content_filter"])
      expect(after(undefined, hopeless)).toEqual([]);
    for (const passing of ["rate_limited", "overloaded", "timeout", "network"])
      expect(after(undefined, passing)).toEqual(["b1", "b2", "a2"]);
    expect(after(undefined, "context_length")).toEqual(["b2", "b1"]);
    expect(after(undefined, "no such class")).toEqual(["b1", "a2", "b2"]);
  });

  test("without a policy the decision's fallbacks stand", () => {
    expect(fallbacksAfter(null, decision, "timeout")).toEqual(["b1", "a2", "b2"]);
    expect(fallbacksAfter(null, decision, "auth")).toEqual([]);
  });
});
