import { describe, expect, test } from "vitest";
import type { PolicyModel } from "../src/artifact/artifact.js";
import type { SwitchingPolicy } from "../src/artifact/operating-policy.js";
import { readRequest } from "../src/request/read-request.js";
import type { RouteRequest } from "../src/request/request.js";
import { compilePolicy } from "../src/router/compile-policy.js";
import { cachedCallCost, callCost, estimateTokens } from "../src/router/expected-cost.js";
import { paysToDrop } from "../src/router/switching-cost.js";
import { easy, hard, risky, scriptedRouter } from "./support/scripted-router.js";
import { modelFacts, twoModelPolicy } from "./support/two-model-policy.js";

const switching: SwitchingPolicy = { drops: "when_cheaper", min_prefix_tokens: 1_024, cache_ttl_s: 300 };
const small = modelFacts("small", { input_usd_per_mtok: 0.5, output_usd_per_mtok: 2 });
const large = modelFacts("large", {
  input_usd_per_mtok: 3,
  output_usd_per_mtok: 15,
  cache_read_usd_per_mtok: 0.3,
});
const withPrice = (facts: PolicyModel, changes: Partial<PolicyModel>) => ({ ...facts, ...changes });

describe("the price of a call", () => {
  const tokens = { prefix: 1_000_000, turn: 10_000, output: 2_000 };

  test("is the sum of its parts, to the cent", () => {
    expect(callCost(large, tokens)).toBeCloseTo(3.06, 10);
    expect(cachedCallCost(large, tokens)).toBeCloseTo(0.36, 10);
    expect(callCost(small, tokens)).toBeCloseTo(0.509, 10);
  });

  test("is unknown, never zero, with a price or the output unknown", () => {
    expect(callCost(withPrice(large, { input_usd_per_mtok: null }), tokens)).toBeNull();
    expect(callCost(withPrice(large, { output_usd_per_mtok: null }), tokens)).toBeNull();
    expect(callCost(large, { ...tokens, output: null })).toBeNull();
    expect(cachedCallCost(withPrice(large, { cache_read_usd_per_mtok: null }), tokens)).toBeCloseTo(3.06, 10);
  });
});

describe("estimateTokens", () => {
  const lengths = [10, 100, 1_000].map(Math.log1p);
  const read = readRequest({ system: "s".repeat(4_000), prompt: "p".repeat(400), tools: [{}, {}] });

  test("takes the input from lengths and the output from quantiles", () => {
    const { likely, most } = estimateTokens(read, 0, lengths, 1);
    expect(likely).toMatchObject({ prefix: 1_200, turn: 100 });
    expect(likely.output).toBeCloseTo(100);
    expect(most.output).toBeCloseTo(1_000);
    expect(most.prefix).toBeGreaterThan(likely.prefix);
  });

  test("counts more tokens for other scripts", () => {
    expect(estimateTokens(read, 1, lengths, 1).likely.turn).toBe(200);
    expect(estimateTokens(read, 1, lengths, 1).most.turn).toBe(400);
  });

  test("the output is capped by the request, and by it alone without a length head", () => {
    const capped = readRequest({ prompt: "x", maxTokens: 50 });
    expect(estimateTokens(capped, 0, lengths, 1)).toMatchObject({
      likely: { output: 50 },
      most: { output: 50 },
    });
    expect(estimateTokens(capped, 0, [], 0)).toMatchObject({
      likely: { output: null },
      most: { output: 50 },
    });
    expect(estimateTokens(read, 0, [1e9], 0).most.output).toBe(1_000_000);
    expect(estimateTokens(read, 0, [-5], 0).likely.output).toBe(0);
  });
});

describe("paysToDrop", () => {
  const tokens = { prefix: 100_000, turn: 1_000, output: 500 };
  const turn = { from: 1, to: 0, now: 1_000_000, lastTurnAt: 1_000_000 - 60_000 };
  const drops = (
    facts: [PolicyModel, PolicyModel],
    changes: Partial<SwitchingPolicy> = {},
    at = turn,
    of = tokens,
  ) =>
    paysToDrop(
      compilePolicy(twoModelPolicy({ models: facts, switching: { ...switching, ...changes } }), []),
      of,
      at,
    );

  test("a cached prefix of 4.05 cents isn't left for a turn of 5.15", () => {
    expect(cachedCallCost(large, tokens)).toBeCloseTo(0.0405, 10);
    expect(callCost(small, tokens)).toBeCloseTo(0.0515, 10);
    expect(drops([small, large])).toBe(false);
  });

  test("a turn of 31.05 cents without the cached prefix is", () => {
    expect(callCost(large, tokens)).toBeCloseTo(0.3105, 10);
    expect(drops([small, large], { cache_ttl_s: 60 })).toBe(true);
    expect(drops([small, large], { cache_ttl_s: 61 })).toBe(false);
    expect(drops([small, large], { min_prefix_tokens: 100_001 })).toBe(true);
    expect(drops([small, withPrice(large, { cache_read_usd_per_mtok: null })])).toBe(true);
  });

  test("a long answer pays for the lost prefix", () => {
    expect(drops([small, large], {}, turn, { ...tokens, output: 1_300 })).toBe(false);
    expect(drops([small, large], {}, turn, { ...tokens, output: 1_400 })).toBe(true);
  });

  test("equal costs, unknown prices and a policy that says never keep the session", () => {
    const same = withPrice(large, { model: "small" });
    expect(drops([same, large], { cache_ttl_s: 0 })).toBe(false);
    expect(drops([withPrice(small, { output_usd_per_mtok: null }), large], { cache_ttl_s: 0 })).toBe(false);
    expect(drops([small, withPrice(large, { input_usd_per_mtok: null })], { cache_ttl_s: 0 })).toBe(false);
    expect(drops([small, large], { cache_ttl_s: 0, drops: "never" })).toBe(false);
    expect(paysToDrop(compilePolicy(twoModelPolicy({ models: [small, large] }), []), tokens, turn)).toBe(
      false,
    );
  });
});

describe("a session", () => {
  const longTurn = "Now write another one about the history of railways, please.";
  const turnOf = (prompt: string): RouteRequest => ({
    sessionId: "s",
    system: "s".repeat(8_000),
    messages: [
      { role: "user", content: "Prove it." },
      { role: "assistant", content: "Done." },
      { role: "user", content: prompt },
    ],
  });

  async function sessionOn(script: number[][], changes: Partial<SwitchingPolicy> = {}) {
    let now = 0;
    const models = [small, modelFacts("medium"), large];
    const policy = { models, switching: { ...switching, ...changes } };
    const router = await scriptedRouter(() => script.shift()!, policy, { clock: () => new Date(now) });
    return (prompt: string, seconds: number) => {
      now += seconds * 1_000;
      return router.decide(turnOf(prompt));
    };
  }

  test("stays while its prefix is cached, and drops once the cache has died", async () => {
    // 2,005 tokens of prefix, 15 of the turn, 100 of output: stay 0.0021 or 0.0076 USD, drop 0.0012.
    const at = await sessionOn([hard, easy, hard, easy], { min_prefix_tokens: 5_000 });
    expect(at(longTurn, 0).model).toBe("large");
    expect(at(longTurn, 10)).toMatchObject({ model: "small", reasons: ["session:dropped", "sufficient"] });
    expect(at(longTurn, 10)).toMatchObject({
      model: "large",
      reasons: ["session:escalated", "insufficient"],
    });
    const cheapCache = await sessionOn([hard, easy, easy]);
    expect(cheapCache(longTurn, 0).model).toBe("large");
    expect(cheapCache(longTurn, 10).model).toBe("small");
  });

  test("each turn renews the cache's life", async () => {
    const dear = modelFacts("small", { input_usd_per_mtok: 2, output_usd_per_mtok: 2 });
    let now = 0;
    const script = [hard, easy, easy, easy];
    const models = [dear, modelFacts("medium"), large];
    const clock = () => new Date(now);
    const router = await scriptedRouter(() => script.shift()!, { models, switching }, { clock });
    const decisions = [0, 200, 200, 300].map((seconds) => {
      now += seconds * 1_000;
      return router.decide(turnOf(longTurn));
    });
    expect(decisions.map(({ model }) => model)).toEqual(["large", "large", "large", "small"]);
    expect(decisions.map(({ reasons }) => reasons[0])).toEqual([
      "insufficient",
      "session:kept",
      "session:kept",
      "session:dropped",
    ]);
  });

  test("a follow-up never drops, and neither does a turn that isn't sufficient", async () => {
    const at = await sessionOn([hard, easy, risky], { min_prefix_tokens: 1e9 });
    at(longTurn, 0);
    expect(at("yes", 1_000)).toMatchObject({ model: "large", reasons: ["session:inherited", "sufficient"] });
    expect(at(longTurn, 1_000)).toMatchObject({ model: "large", reasons: ["stakes"] });
  });

  test("what the call is expected to cost is logged, and null with a price unknown", async () => {
    const router = await scriptedRouter(() => easy, { models: [small, modelFacts("medium"), large] });
    const request = { prompt: "p".repeat(400) };
    expect(router.decide(request).expectedCostUsd).toBeCloseTo((100 * 0.5 + 100 * 2) / 1e6, 12);
    expect(router.decide({ ...request, denyModels: ["small"] })).toMatchObject({
      model: "medium",
      expectedCostUsd: null,
    });
  });
});
