import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Policy } from "../src/artifact/artifact.js";
import type { RouteRequest } from "../src/request/request.js";
import type { Router } from "../src/router/router.js";
import { hostileRequests, hostileTexts, throwingRequests } from "./support/hostile.js";
import { easy, hard, risky, scriptedRouter } from "./support/scripted-router.js";
import { modelFacts, policyRule } from "./support/two-model-policy.js";

/** Every operating field at once. */
const policy: Partial<Policy> = {
  models: ["small", "medium", "large"].map((name, rank) =>
    modelFacts(name, {
      provider: `p${rank % 2}`,
      input_usd_per_mtok: 10 ** rank,
      output_usd_per_mtok: 10 ** rank,
      cache_read_usd_per_mtok: rank / 10,
      regions: rank === 0 ? null : ["eu"],
    }),
  ),
  rules: [
    policyRule("text", { text_matches: "(?i)evil.{0,20}\\s" }, { exclude: ["small"] }),
    policyRule("tags", { tag: ["vip"], meta: { plan: ["pro"] } }, { model: "large" }),
    policyRule("long", { min_chars: 5_000, has_tools: false }, { at_least: "medium" }),
  ],
  dial: [{ retention: 0.95, min_sufficiency: { small: 0.5, medium: 0.5 }, retention_low: null }],
  max_cost_usd: 0.05,
  min_confidence: 0.3,
  switching: { drops: "when_cheaper", min_prefix_tokens: 10, cache_ttl_s: 60 },
  deny_models: ["other"],
  exploration: { epsilon: 0.3, salt: "x" },
  ramp: { share: 0.7, salt: "r" },
};

const models = ["small", "medium", "large"];
let router: Router;
beforeAll(async () => {
  let turn = 0;
  const scripts = [easy, hard, risky, [0.5, 0.5, 0.5, 0.5, 0.5]];
  router = await scriptedRouter(() => scripts[turn++ % scripts.length]!, policy);
});

function checkDecision(request: unknown): void {
  const decision = router.decide(request as RouteRequest);
  expect(models).toContain(decision.model);
  expect(decision.fallbacks).not.toContain(decision.model);
  expect(new Set(decision.fallbacks).size).toBe(decision.fallbacks.length);
  expect(decision.propensity).toBeGreaterThan(0);
  expect(decision.propensity).toBeLessThanOrEqual(1);
  expect(decision.reasons.length).toBeGreaterThan(0);
  if (decision.expectedCostUsd !== null) expect(decision.expectedCostUsd).toBeGreaterThanOrEqual(0);
  expect(JSON.parse(JSON.stringify(decision)).expectedCostUsd).toBe(decision.expectedCostUsd);
  for (const after of router.fallbacksAfter(decision, "timeout")) expect(decision.fallbacks).toContain(after);
}

describe("a router with every operating field", () => {
  test("decides hostile requests without a fault", () => {
    for (const request of hostileRequests) checkDecision(request);
    for (const prompt of hostileTexts) {
      checkDecision({ prompt, sessionId: prompt, meta: { app: prompt, tag: prompt, plan: "pro" } });
    }
    expect(router.stats()).toMatchObject({ defaults: 0, errors: {} });
  });

  test("decides whatever stands in a wish without a fault", () => {
    const names = fc.oneof(fc.constantFrom(...models), fc.string(), fc.anything());
    const wish = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.array(names),
      fc.double(),
    );
    const request = fc.record(
      {
        prompt: fc.oneof(
          fc.string(),
          fc.constant("evil words "),
          fc.string({ minLength: 5_000, maxLength: 5_100 }),
        ),
        sessionId: fc.constantFrom("a", "b", null, 7),
        allowModels: wish,
        denyModels: wish,
        regions: wish,
        retention: wish,
        maxCostUsd: wish,
        maxTokens: wish,
        tools: wish,
        meta: fc.oneof(wish, fc.dictionary(fc.constantFrom("app", "tag", "tags", "plan", "__proto__"), wish)),
      },
      { requiredKeys: ["prompt"] },
    );
    fc.assert(fc.property(request, checkDecision), { numRuns: 400 });
    expect(router.stats()).toMatchObject({ defaults: 0, errors: {} });
  });

  test("a permitted model is never left for a denied one", () => {
    fc.assert(
      fc.property(
        fc.subarray(models, { minLength: 1 }),
        fc.string(),
        fc.integer(),
        (allowModels, prompt, id) => {
          const decision = router.decide({ allowModels, prompt, requestId: String(id) });
          expect(allowModels).toContain(decision.model);
          for (const fallback of decision.fallbacks) expect(allowModels).toContain(fallback);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("getters that throw give the default model, and fallbacksAfter never throws", () => {
    for (const request of throwingRequests())
      expect(router.decide(request as RouteRequest).model).toBe("large");
    for (const value of [null, undefined, 7, {}, { fallbacks: 3 }, { model: "x", fallbacks: [null] }]) {
      expect(Array.isArray(router.fallbacksAfter(value as never, value as never, value as never))).toBe(true);
    }
  });
});
