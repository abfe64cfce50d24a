import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type RandomArtifactOptions, writeRandomArtifact } from "../../scripts/bench/random-artifact.js";
import { type LoadRouterOptions, loadRouter } from "../src/artifact/load-router.js";
import { cacheKey } from "../src/cache/cache-key.js";
import type { DecisionRecord } from "../src/log/decision-record.js";
import { decisionRecordFields } from "../src/log/decision-record.js";
import type { Engine } from "../src/model/engine.js";
import type { RouteRequest } from "../src/request/request.js";
import type { Router } from "../src/router/router.js";
import { cachePolicy } from "./support/cache-policy.js";
import { hostileRequests, throwingRequests } from "./support/hostile.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-router-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

let made = 0;
async function routerWith(
  artifact: RandomArtifactOptions = {},
  options: LoadRouterOptions = {},
): Promise<Router> {
  made += 1;
  const folder = join(root, `artifact-${made}`);
  writeRandomArtifact(folder, { hidden: 2, lengthQuantiles: [], ...artifact });
  return loadRouter(folder, options);
}

/** A router whose model says what the test wants. Golden rows, which must fit the real weights, are replayed first. */
async function scriptedRouter(script: () => number[], options: LoadRouterOptions = {}): Promise<Router> {
  let isLoaded = false;
  const router = await routerWith(
    {},
    {
      ...options,
      engine: async ({ model }) => {
        const { createKernel } = await import("../src/model/kernel.js");
        const kernel = createKernel(model);
        const engine: Engine = {
          name: "scripted",
          predict: (features) =>
            isLoaded
              ? { probabilities: Float64Array.from(script()), lengthQuantiles: new Float64Array(0) }
              : kernel.predict(features),
        };
        return engine;
      },
    },
  );
  isLoaded = true;
  return router;
}

const easy = [0.9, 0.9, 0, 0, 0];
const hard = [0.1, 0.1, 1, 1, 0];
const risky = [0.9, 0.9, 0, 0, 1];

function turn(sessionId: string | null, prompt: string): RouteRequest {
  return {
    sessionId,
    messages: [
      { role: "user", content: "Write an essay about the history of canals." },
      { role: "assistant", content: "Here it is." },
      { role: "user", content: prompt },
    ],
  };
}
const longTurn = "Now write another one about the history of railways, please.";

describe("decide", () => {
  test("returns a whole decision", async () => {
    const router = await scriptedRouter(() => easy);
    const decision = router.decide({ prompt: "Hello there", requestId: "r1", sessionId: "s1" });
    expect(decision).toMatchObject({
      requestId: "r1",
      model: "small",
      fallbacks: ["medium", "large"],
      tier: 0,
      stakes: false,
      confidence: 0.9,
      escalated: false,
      reasons: ["sufficient"],
      sufficiency: { small: 0.9, medium: 0.9 },
      threshold: 0.6,
      cache: { segment: "default", minSimilarity: null, minScore: null },
      artifact: "random-00000000",
    });
    expect(decision.score).toBeCloseTo(0.1);
    expect(decision.sessionHash).toMatch(/^[0-9a-f]{24}$/);
    expect(decision.tookUs).toBeGreaterThan(0);
  });

  test("decides the same request the same way", async () => {
    const router = await routerWith();
    const request = { prompt: "Compare quicksort with mergesort.", requestId: "r" };
    expect({ ...router.decide(request), tookUs: 0 }).toEqual({ ...router.decide(request), tookUs: 0 });
  });

  test("answers hostile requests with a model and no fault", async () => {
    const router = await routerWith();
    for (const request of hostileRequests) {
      const decision = router.decide(request as RouteRequest);
      expect(["small", "medium", "large"]).toContain(decision.model);
      expect(() => JSON.stringify(decision)).not.toThrow();
    }
    expect(router.stats()).toMatchObject({ decisions: hostileRequests.length, defaults: 0, errors: {} });
  });

  test("answers getters that throw with the default model, and counts them", async () => {
    const router = await routerWith({}, { defaultModel: "fallback" });
    const requests = throwingRequests();
    const decisions = requests.map((request) => router.decide(request as RouteRequest));
    expect(decisions.map(({ model }) => model)).toEqual(requests.map(() => "fallback"));
    expect(decisions.at(-2)!.reasons).toEqual(["error:cache"]);
    expect(decisions[0]!.reasons).toEqual(["error:read"]);
    expect(router.stats()).toMatchObject({
      defaults: requests.length,
      errors: { read: requests.length - 1, cache: 1 },
    });
  });

  test("never throws, whatever it is given", async () => {
    const router = await routerWith();
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
        (value) => {
          for (const request of [
            value,
            { messages: value },
            { prompt: value, system: value, tools: value },
          ]) {
            expect(typeof router.decide(request as RouteRequest).model).toBe("string");
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("gives the default model when the engine fails or says what is no number", async () => {
    const failing = await scriptedRouter(() => {
      throw new Error("engine");
    });
    expect(failing.decide({ prompt: "x" })).toMatchObject({ model: "large", reasons: ["error:predict"] });
    const nan = await scriptedRouter(() => [Number.NaN, 1, 1, 1, 1]);
    expect(nan.decide({ prompt: "x" })).toMatchObject({
      model: "large",
      reasons: ["error:predict"],
      score: null,
    });
  });
});

describe("kill switch", () => {
  test("an environment variable, a call and the policy each send everything to the default model", async () => {
    const router = await scriptedRouter(() => easy, { defaultModel: "fallback" });
    vi.stubEnv("SIGNALBOX_DISABLED", "1");
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "fallback", reasons: ["disabled:env"] });
    vi.unstubAllEnvs();
    router.disable();
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "fallback", reasons: ["disabled:call"] });
    expect(router.cacheDecision({ similarity: 1 })).toMatchObject({
      decision: "abstain",
      reason: "disabled",
    });
    router.enable();
    expect(router.decide({ prompt: "x" }).model).toBe("small");
    const off = await routerWith({ policy: { enabled: false } });
    expect(off.decide({ prompt: "x" })).toMatchObject({ model: "large", reasons: ["disabled:policy"] });
    expect(router.stats().defaults).toBe(2);
  });
});

describe("sessions", () => {
  test("a session keeps its model when a later turn needs less, and rises when one needs more", async () => {
    const script = [hard, easy];
    const router = await scriptedRouter(() => script.shift() ?? easy);
    expect(router.decide({ sessionId: "a", prompt: "Prove it." }).model).toBe("large");
    expect(router.decide(turn("a", longTurn))).toMatchObject({
      model: "large",
      reasons: ["session:kept", "sufficient"],
      escalated: true,
    });
    const rising = [easy, hard, easy];
    const other = await scriptedRouter(() => rising.shift()!);
    expect(other.decide({ sessionId: "b", prompt: "Hi" }).model).toBe("small");
    expect(other.decide(turn("b", longTurn))).toMatchObject({
      model: "large",
      reasons: ["session:escalated", "insufficient"],
    });
    expect(other.decide(turn("b", longTurn)).model).toBe("large");
  });

  test("a short follow-up takes its session's model, cheap or dear, unless errors are expensive", async () => {
    const script = [easy, hard, hard, easy, easy, risky];
    const router = await scriptedRouter(() => script.shift()!);
    router.decide({ sessionId: "cheap", prompt: "Hi" });
    expect(router.decide(turn("cheap", "yes"))).toMatchObject({
      model: "small",
      reasons: ["session:inherited", "insufficient"],
    });
    router.decide({ sessionId: "dear", prompt: "Prove it." });
    expect(router.decide(turn("dear", "yes"))).toMatchObject({
      model: "large",
      reasons: ["session:inherited", "sufficient"],
    });
    router.decide({ sessionId: "risk", prompt: "Hi" });
    expect(router.decide(turn("risk", "delete it"))).toMatchObject({
      model: "large",
      reasons: ["session:escalated", "stakes"],
    });
  });

  test("a short follow-up of an unknown session goes to the strong model", async () => {
    const router = await scriptedRouter(() => easy);
    expect(router.decide(turn(null, "yes"))).toMatchObject({
      model: "large",
      reasons: ["follow_up_without_session", "sufficient"],
    });
    expect(router.decide(turn(null, longTurn)).model).toBe("small");
  });

  test("an agent's steps behind a short question are no follow-ups; a reply with a tool in between is one", async () => {
    const router = await scriptedRouter(() => easy);
    const question = { role: "user", content: "Weather in Ghent?" };
    const call = {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", function: { name: "weather" } }],
    };
    const result = { role: "tool", tool_call_id: "1", content: "rain" };
    expect(router.decide({ messages: [question, call, result] })).toMatchObject({ model: "small" });
    const reply = { messages: [question, call, result, { role: "user", content: "yes" }] };
    expect(router.decide(reply).reasons).toContain("follow_up_without_session");
  });

  test("sessions that were long unseen are forgotten", async () => {
    const router = await scriptedRouter(() => hard);
    const cheap = await scriptedRouter(() => easy);
    for (let i = 0; i < 10_050; i++) cheap.decide({ sessionId: `s${i}`, prompt: "Hi" });
    expect(cheap.decide(turn("s10049", "yes")).model).toBe("small");
    expect(cheap.decide(turn("s0", "yes")).model).toBe("large");
    expect(router.decide({ sessionId: "a", prompt: "x" }).model).toBe("large");
  });
});

describe("shadow sample", () => {
  test("holds a session whole and takes about the wanted share", async () => {
    const router = await routerWith();
    const samples = Array.from(
      { length: 4_000 },
      (_, i) => router.decide({ prompt: "Hi", sessionId: `s${i}` }).shadow,
    );
    const share = samples.filter(({ sampled }) => sampled).length / samples.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
    expect(samples.every(({ sampled, bucket }) => sampled === bucket < 0.1)).toBe(true);
    expect(router.decide(turn("s7", longTurn)).shadow).toEqual(samples[7]);
  });
});

describe("the cache", () => {
  const cache = cachePolicy({ faq: { min_score: 0.9 } });

  test("cacheKey works while the router is off, and counts what it can't read", async () => {
    const router = await routerWith({ cache });
    router.disable();
    const request = { prompt: "What is a monad?", meta: { tenant: "acme" } };
    expect(router.cacheKey(request)).toEqual(cacheKey(request));
    expect(router.cacheKey(request, { tenant: "other" }).scope).not.toBe(router.cacheKey(request).scope);
    const unreadable = throwingRequests().filter(
      (broken) => !router.cacheKey(broken as RouteRequest).isCacheable,
    );
    expect(unreadable).toHaveLength(4);
    expect(router.stats().errors.cache).toBe(4);
  });

  test("a decision carries the rule of the request's segment", async () => {
    const router = await routerWith({ cache });
    expect(router.decide({ prompt: "x", meta: { segment: "faq" } }).cache).toEqual({
      segment: "faq",
      minSimilarity: 0.9,
      minScore: 0.9,
    });
    expect(router.decide({ prompt: "x", meta: { segment: "other" } }).cache).toEqual({
      segment: "default",
      minSimilarity: null,
      minScore: null,
    });
  });
});

describe("record", () => {
  const result = {
    usage: {
      input_tokens: 12,
      output_tokens: 3,
      details: { cached: 4, note: "secret text" },
      model: "secret",
    },
    latencyMs: 250,
    finishReason: "stop",
    servedModel: "large",
    costUsd: 0.002,
    error: Object.assign(new Error("secret prompt"), { code: "rate_limit" }),
  };

  test("appends one JSON line per decision, with both models and no content", async () => {
    const path = join(root, "decisions.jsonl");
    const router = await scriptedRouter(() => easy, { decisionLog: path, clock: () => new Date(0) });
    const prompt = "secret question of the user";
    router.record(router.decide({ prompt, sessionId: "secret session", requestId: "r1" }), result);
    router.record(router.decide({ prompt, requestId: "r2" }));
    await router.flush();
    const text = readFileSync(path, "utf8");
    const [first, second, ...rest] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as DecisionRecord);
    expect(rest).toEqual([]);
    expect(Object.keys(first!)).toEqual(Object.keys(decisionRecordFields));
    expect(first).toMatchObject({
      v: 2,
      ts: "1970-01-01T00:00:00.000Z",
      request_id: "r1",
      decided_model: "small",
      served_model: "large",
      default_model: "large",
      probs: easy,
      usage: { input_tokens: 12, output_tokens: 3, details: { cached: 4 } },
      latency_ms: 250,
      cost_usd: 0.002,
      finish_reason: "stop",
      error: "rate_limit",
    });
    expect(second).toMatchObject({ request_id: "r2", session_hash: null, served_model: null, usage: null });
    expect(text).not.toContain("secret");
    expect(router.stats()).toMatchObject({ recorded: 2, lost: 0 });
  });

  test("keeps the order of a burst and loses no line", async () => {
    const path = join(root, "burst.jsonl");
    const router = await routerWith({}, { decisionLog: path });
    for (let i = 0; i < 3_000; i++) router.record(router.decide({ prompt: "x", requestId: `${i}` }));
    await router.flush();
    const ids = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as DecisionRecord).request_id);
    expect(ids).toEqual(Array.from({ length: 3_000 }, (_, i) => `${i}`));
  });

  test("never throws on a path that can't be written, a sink that throws or a decision that is none; it counts", async () => {
    const folder = join(root, "not-a-file");
    mkdirSync(folder);
    const onFolder = await routerWith({}, { decisionLog: folder });
    onFolder.record(onFolder.decide({ prompt: "x" }));
    await onFolder.flush();
    expect(onFolder.stats()).toMatchObject({ recorded: 0, lost: 1 });
    const missing = await routerWith({}, { decisionLog: join(root, "no", "such", "folder.jsonl") });
    missing.record(missing.decide({ prompt: "x" }));
    await missing.flush();
    expect(missing.stats().lost).toBe(1);
    const throwing = await routerWith(
      {},
      {
        decisionLog: () => {
          throw new Error("sink");
        },
      },
    );
    throwing.record(throwing.decide({ prompt: "x" }));
    throwing.record(null as never);
    expect(throwing.stats()).toMatchObject({ lost: 1, errors: { record: 1 } });
  });

  test.skipIf(process.getuid?.() === 0)(
    "counts lines lost to a read-only folder (not as root, who may write)",
    async () => {
      const folder = join(root, "read-only");
      mkdirSync(folder);
      chmodSync(folder, 0o500);
      const router = await routerWith({}, { decisionLog: join(folder, "decisions.jsonl") });
      router.record(router.decide({ prompt: "x" }));
      await router.flush();
      expect(router.stats().lost).toBe(1);
    },
  );
});
