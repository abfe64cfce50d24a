import type { Policy } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { applyOperating } from "../../../pipelines/export/apply-operating.js";
import { checkPolicy } from "../../../pipelines/export/check-policy.js";
import { routerPolicy } from "../../support/router-policy.js";

describe("applyOperating", () => {
  test("sets what is given and leaves the rest as it is", () => {
    const policy = routerPolicy({ max_cost_usd: 0.5, min_confidence: 0.6 });
    const { models, ...changed } = applyOperating(policy, { max_cost_usd: 0.2, deny_models: ["medium"] });
    expect(changed).toMatchObject({ max_cost_usd: 0.2, min_confidence: 0.6, deny_models: ["medium"] });
    expect(models).toEqual(policy.models);
    expect(policy.max_cost_usd).toBe(0.5);
  });

  test("another point of the dial changes every threshold with it, and back again gives the same", () => {
    const policy = routerPolicy();
    const strict = applyOperating(policy, { retention: 0.99 });
    expect(strict.retention_target).toBe(0.99);
    expect(strict.thresholds.small).toEqual({
      min_sufficiency: 0.85,
      retention_low: 0.991,
      n: 900,
      note: "certified on 900 held-out rows: retention of at least 0.99 with 0.95 confidence",
    });
    const back = applyOperating(strict, { retention: 0.98 });
    expect(back.thresholds.medium!.note).toBe(policy.thresholds.medium!.note);
    expect(back.thresholds.medium!.min_sufficiency).toBe(0.7);
    expect(applyOperating(policy, { retention: 0.98 })).toEqual(policy);
  });

  test("a point that isn't certified sends everything to the strong model, and says why", () => {
    const { thresholds } = applyOperating(routerPolicy(), { retention: 0.995 });
    expect(thresholds.small).toMatchObject({ min_sufficiency: null, retention_low: null });
    expect(thresholds.small!.note).toMatch(/^not certified with 900 rows for retention of at least 0.995/);
  });

  test.each([
    [routerPolicy(), /0.97, which isn't on the dial: 0.95, 0.98, 0.99, 0.995.*signalbox train/],
    [routerPolicy({ dial: undefined }), /has no dial; train again/],
  ])("refuses a retention that nothing was certified for", (policy, message) => {
    expect(() => applyOperating(policy, { retention: 0.97 })).toThrow(message);
  });

  test("salts come from the workspace's own, differ by purpose, and stay once they are set", () => {
    const first = applyOperating(routerPolicy(), { ramp: 0.1, epsilon: 0.02 });
    expect(first.ramp!.salt).toMatch(/^[0-9a-f]{24}$/);
    expect(first.ramp!.salt).not.toBe(first.exploration!.salt);
    const second = applyOperating(first, { ramp: 0.25 });
    expect(second.ramp).toEqual({ share: 0.25, salt: first.ramp!.salt });
    const cleared = applyOperating(applyOperating(first, { clear: ["ramp"] }), { ramp: 0.5 });
    expect(cleared.ramp!.salt).toBe(first.ramp!.salt);
    const own = applyOperating(routerPolicy(), { operating: { ramp: { share: 0.1, salt: "mine" } } });
    expect(own.ramp).toEqual({ share: 0.1, salt: "mine" });
    const elsewhere = routerPolicy({ shadow: { rate: 0.1, salt: "another workspace" } });
    expect(applyOperating(elsewhere, { ramp: 0.1 }).ramp!.salt).not.toBe(first.ramp!.salt);
  });

  test("options come on top of the file, and what is cleared is gone first", () => {
    const policy = routerPolicy({ rules: [], allow_models: ["small", "large"] });
    const changed = applyOperating(policy, {
      clear: ["allow_models", "rules"],
      operating: {
        max_cost_usd: 1,
        switching: { drops: "never", min_prefix_tokens: 2_048, cache_ttl_s: 3_600 },
      },
      max_cost_usd: 0.1,
      switching: "when_cheaper",
    });
    expect(changed).not.toHaveProperty("allow_models");
    expect(changed).not.toHaveProperty("rules");
    expect(changed.max_cost_usd).toBe(0.1);
    expect(changed.switching).toEqual({
      drops: "when_cheaper",
      min_prefix_tokens: 2_048,
      cache_ttl_s: 3_600,
    });
  });
});

describe("checkPolicy", () => {
  const rule = (then: NonNullable<Policy["rules"]>[number]["then"]) =>
    routerPolicy({ rules: [{ id: "legal", when: { app: "legal" }, then }] });

  test.each<[string, Policy, RegExp]>([
    [
      "a rule that takes an unknown model",
      rule({ model: "huge" }),
      /rules.json: rules\[0\] \(legal\)\.then\.model \(of the policy's models: small, medium, large\).*"huge"$/,
    ],
    [
      "a rule that leaves out an unknown model",
      rule({ exclude: ["small", "tiny"] }),
      /then.exclude .*"tiny"/,
    ],
    ["an unknown model that is denied", routerPolicy({ deny_models: ["huge"] }), /deny_models names "huge"/],
    [
      "lists that leave no model",
      routerPolicy({ allow_models: ["small"], deny_models: ["small"] }),
      /allow_models and deny_models \(together they leave no model\)/,
    ],
  ])("refuses %s", (_, policy, message) => {
    expect(() => checkPolicy(policy, "rules.json")).toThrow(message);
  });

  test("passes a policy as training and operators write it", () => {
    const policy = applyOperating(rule({ at_least: "medium" }), {
      ramp: 0.1,
      epsilon: 0.05,
      max_cost_usd: 1,
    });
    expect(() => checkPolicy(policy, "the policy")).not.toThrow();
  });
});
