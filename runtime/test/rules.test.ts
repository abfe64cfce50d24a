import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundPattern, compilePattern } from "../src/artifact/compile-pattern.js";
import type { PolicyRule, RuleAction, RuleCondition } from "../src/artifact/operating-policy.js";
import { denseNames } from "../src/features/dense-features.js";
import { readRequest } from "../src/request/read-request.js";
import type { RouteRequest } from "../src/request/request.js";
import { chooseModel } from "../src/router/choose-model.js";
import { compilePolicy } from "../src/router/compile-policy.js";
import { readWishes } from "../src/router/read-wishes.js";
import { hostileRequests, hostileTexts } from "./support/hostile.js";
import { easy, hard, risky, scriptedRouter } from "./support/scripted-router.js";
import { modelFacts, policyRule, twoModelPolicy } from "./support/two-model-policy.js";

const rule = policyRule;

/** Id of the rule that claims a request; null = none. */
function claimant(rules: PolicyRule[], request: RouteRequest): string | null {
  const compiled = compilePolicy(twoModelPolicy({ rules }), [{ kind: "sufficiency", model: "small" }]);
  const dense = new Float32Array(denseNames.length);
  const features = { ids: new Int32Array(0), weights: new Float32Array(0), dense };
  const wishes = readWishes(request, null);
  return chooseModel(compiled, { read: readRequest(request), features, probabilities: [1], wishes }).rule;
}

describe("conditions", () => {
  const tools = { prompt: "Look it up", tools: [{ name: "search" }] };
  const image = {
    messages: [{ role: "user", content: [{ type: "text", text: "What is it?" }, { type: "image" }] }],
  };

  test.each<[string, RuleCondition, RouteRequest, boolean]>([
    ["nothing asked", {}, { prompt: "x" }, true],
    ["the app", { app: "billing" }, { prompt: "x", meta: { app: "billing" } }, true],
    ["another app", { app: "billing" }, { prompt: "x", meta: { app: "Billing" } }, false],
    ["no app", { app: "billing" }, { prompt: "x" }, false],
    ["any of two apps", { app: ["billing", "sales"] }, { prompt: "x", meta: { app: "sales" } }, true],
    ["the endpoint", { endpoint: "/chat" }, { prompt: "x", meta: { endpoint: "/chat" } }, true],
    ["a tag", { tag: "vip" }, { prompt: "x", meta: { tag: "vip" } }, true],
    [
      "one of several tags",
      { tag: ["vip", "beta"] },
      { prompt: "x", meta: { tags: ["a", "beta"] } as never },
      true,
    ],
    ["a number as text", { meta: { tier: "3" } }, { prompt: "x", meta: { tier: 3 } }, true],
    ["a flag as text", { meta: { paid: "true" } }, { prompt: "x", meta: { paid: true } }, true],
    ["an inherited name", { meta: { constructor: "x" } }, { prompt: "x", meta: {} }, false],
    [
      "all of several",
      { app: "a", meta: { plan: "free" } },
      { prompt: "x", meta: { app: "a", plan: "pro" } },
      false,
    ],
    ["the least length", { min_chars: 3 }, { prompt: "abc" }, true],
    ["one below it", { min_chars: 3 }, { prompt: "ab" }, false],
    ["the greatest length", { max_chars: 3 }, { prompt: "abc" }, true],
    ["one above it", { max_chars: 3 }, { prompt: "abcd" }, false],
    ["tools", { has_tools: true }, tools, true],
    ["no tools", { has_tools: false }, tools, false],
    ["images", { has_images: true }, image, true],
    ["no images", { has_images: true }, { prompt: "x" }, false],
    ["a pattern anywhere", { text_matches: "\\brefund" }, { prompt: "I want a refund now" }, true],
    ["the pattern's case", { text_matches: "refund" }, { prompt: "REFUND" }, false],
    ["any case with (?i)", { text_matches: "(?i)refund" }, { prompt: "REFUND" }, true],
    ["a Unicode script", { text_matches: "\\p{Script=Han}" }, { prompt: "漢字" }, true],
    [
      "the pattern beyond 2,000 units",
      { text_matches: "end$" },
      { prompt: `${"x".repeat(2_000)}end` },
      false,
    ],
    [
      "the pattern in the last user turn only",
      { text_matches: "secret" },
      { system: "secret", prompt: "x" },
      false,
    ],
  ])("%s", (_, when, request, holds) => {
    expect(claimant([rule("r", when, { at_least: "small" })], request)).toBe(holds ? "r" : null);
  });

  test("the first rule that holds applies", () => {
    const rules = [
      rule("never", { app: "other" }, { model: "large" }),
      rule("first", { min_chars: 1 }, { model: "small" }),
      rule("second", {}, { model: "large" }),
    ];
    expect(claimant(rules, { prompt: "x" })).toBe("first");
    expect(claimant(rules, { prompt: "" })).toBe("second");
  });

  test("hostile requests and texts never throw", () => {
    const when: RuleCondition = {
      text_matches: "(?i)a.*b",
      tag: "x",
      meta: { __proto__x: "y" },
      min_chars: 0,
    };
    const rules = [rule("r", when, { model: "small" })];
    for (const request of hostileRequests)
      expect(() => claimant(rules, request as RouteRequest)).not.toThrow();
    for (const prompt of hostileTexts) expect(() => claimant(rules, { prompt })).not.toThrow();
  });
});

describe("patterns", () => {
  test.each([
    ["(a+)+$", "a repeated group holds a repeat"],
    ["(?:a*)*", "a repeated group holds a repeat"],
    ["(?:\\w{1,9} ){20}", "a repeated group holds a repeat"],
    ["(a|aa)+", "a repeated group holds alternatives"],
    ["(?:x(?:a|b))*", "a repeated group holds alternatives"],
    ["(\\w+) \\1", "backreferences"],
    ["(?<w>\\w+) \\k<w>", "backreferences"],
    ["(?<=a)b", "lookbehind"],
    ["(?<!a)b", "lookbehind"],
    ["a.*b.*c", "several open repeats multiply"],
    ["x*x*x*x*y", "several open repeats multiply"],
    ["(?:a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?)b", "several open repeats multiply"],
    ["(?=.*.*x)a", "several open repeats multiply"],
    ["[", "Unterminated"],
    ["a".repeat(1_001), "longer than"],
  ])("refuses %s", (pattern, message) => {
    expect(() => boundPattern(pattern)).toThrow(message);
  });

  test.each([
    "(?i)\\b(refund|chargeback|money back)\\b",
    "how\\s+do\\s+i\\s+(?:cancel|stop)\\s+my",
    "[\\w.+-]+@[\\w-]+\\.[a-z]{2,}",
    "\\b\\d{3}-\\d{2}-\\d{4}\\b",
    "^(?:summari[sz]e|translate)\\b",
    "(?:very )?(?:urgent|important)(?:ly)?",
    "(?:ab){3}",
    "error.{0,80}timeout",
    "^.*a.*b",
    "\\p{Script=Cyrillic}",
    "[(+*|]+x",
    "\\(a\\+\\)\\+",
  ])("takes %s", (pattern) => {
    expect(boundPattern(pattern)).toBeGreaterThan(0);
  });

  test("whatever is taken compiles and matches without a throw", () => {
    const part = fc.constantFrom(
      "a",
      "b",
      ".",
      "\\s",
      "[ab]",
      "(?:a|b)",
      "(a",
      ")",
      "|",
      "*",
      "+",
      "?",
      "{2,9}",
      "^",
      "$",
      "\\b",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const pattern = parts.join("");
        try {
          boundPattern(pattern);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        const matcher = compilePattern(pattern);
        for (const text of ["a".repeat(2_000), "ab".repeat(1_000)])
          expect(() => matcher.test(text)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});

describe("actions", () => {
  const all = (then: RuleAction) => [rule("r", {}, then)];

  test("a model that a rule takes beats stakes, sufficiency and the session", async () => {
    const rules = [rule("titles", { endpoint: "/title" }, { model: "small" })];
    const script = [hard, risky, hard];
    const router = await scriptedRouter(() => script.shift()!, { rules });
    const meta = { endpoint: "/title" };
    expect(router.decide({ prompt: "Prove it.", sessionId: "s" }).model).toBe("large");
    expect(router.decide({ prompt: "Title?", sessionId: "s", meta })).toMatchObject({
      model: "small",
      rule: "titles",
      reasons: ["rule:titles"],
      verify: true,
    });
    const after = router.decide({ prompt: "Now another proof of the same kind, please.", sessionId: "s" });
    expect(after).toMatchObject({ model: "large", rule: null });
  });

  test("a model that a rule takes yields to hard constraints, and the choice goes on", async () => {
    const rules = all({ model: "small" });
    const models = ["small", "medium", "large"].map((name) =>
      modelFacts(name, { supports_tools: name === "small" ? false : null }),
    );
    const router = await scriptedRouter(() => easy, { rules, models });
    expect(router.decide({ prompt: "x", tools: [{}] })).toMatchObject({
      model: "medium",
      rule: null,
      reasons: ["sufficient", "rule_passed_over:r", "constraint:tools"],
    });
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "small", rule: "r" });
    expect(router.decide({ prompt: "x", denyModels: ["small"] }).reasons).toEqual([
      "sufficient",
      "rule_passed_over:r",
      "constraint:denied",
    ]);
  });

  test("at_least and exclude narrow the choice, and the classifier goes on", async () => {
    const least = await scriptedRouter(() => easy, { rules: all({ at_least: "medium" }) });
    expect(least.decide({ prompt: "x" })).toMatchObject({
      model: "medium",
      fallbacks: ["large"],
      rule: "r",
      reasons: ["rule:r", "sufficient"],
      escalated: true,
    });
    const without = await scriptedRouter(() => easy, { rules: all({ exclude: ["small", "large"] }) });
    expect(without.decide({ prompt: "x" })).toMatchObject({ model: "medium", fallbacks: [], rule: "r" });
    const doubt = await scriptedRouter(() => risky, { rules: all({ exclude: ["large"] }) });
    expect(doubt.decide({ prompt: "x" })).toMatchObject({ model: "medium", reasons: ["rule:r", "stakes"] });
    const nothing = await scriptedRouter(() => easy, {
      rules: all({ exclude: ["small", "medium", "large"] }),
    });
    expect(nothing.decide({ prompt: "x" })).toMatchObject({
      model: "small",
      rule: null,
      reasons: ["sufficient", "rule_passed_over:r"],
    });
  });
});
