import { describe, expect, test } from "vitest";
import type { Policy, PolicyModel } from "../src/artifact/artifact.js";
import type { RouteRequest } from "../src/request/request.js";
import { easy, hard, risky, scriptedRouter } from "./support/scripted-router.js";
import { modelFacts, policyRule } from "./support/two-model-policy.js";

function modelsWith(facts: Record<string, Partial<PolicyModel>>): PolicyModel[] {
  return ["small", "medium", "large"].map((name) => modelFacts(name, facts[name]));
}

describe("lists", () => {
  test.each<[string, Partial<Policy>, RouteRequest, string]>([
    ["a request's deny list", {}, { denyModels: ["small"] }, "medium"],
    ["a request's allow list", {}, { allowModels: ["medium", "large"] }, "medium"],
    ["the policy's deny list", { deny_models: ["small"] }, {}, "medium"],
    ["the policy's allow list", { allow_models: ["medium"] }, {}, "medium"],
    ["both together", { deny_models: ["small"] }, { denyModels: ["medium"] }, "large"],
    ["a list of unknown names", { deny_models: ["other"] }, { denyModels: ["another"] }, "small"],
    ["an empty list, which says nothing", {}, { allowModels: [], denyModels: [], regions: [] }, "small"],
    ["a single name for a list", {}, { denyModels: "small" as never }, "medium"],
    ["a list of the wrong type", {}, { allowModels: 7 as never, denyModels: [3, null] as never }, "small"],
  ])("%s", async (_, policy, request, model) => {
    const router = await scriptedRouter(() => easy, policy);
    expect(router.decide({ prompt: "x", ...request })).toMatchObject({
      model,
      fallbacks: expect.not.arrayContaining([model]),
    });
  });

  test("a model that is denied is no fallback either", async () => {
    const router = await scriptedRouter(() => easy);
    expect(router.decide({ prompt: "x", denyModels: ["large"] })).toMatchObject({
      model: "small",
      fallbacks: ["medium"],
    });
    expect(router.decide({ prompt: "x", denyModels: ["small"] }).reasons).toEqual([
      "sufficient",
      "constraint:denied",
    ]);
  });
});

describe("regions", () => {
  const models = modelsWith({
    small: { regions: null },
    medium: { regions: ["EU", "us"] },
    large: { regions: ["us"] },
  });

  test("a demanded region leaves only models that are known to be served there", async () => {
    const router = await scriptedRouter(() => easy, { models });
    expect(router.decide({ prompt: "x" }).model).toBe("small");
    const european = router.decide({ prompt: "x", regions: ["eu"] });
    expect(european).toMatchObject({
      model: "medium",
      fallbacks: [],
      reasons: ["sufficient", "constraint:region"],
    });
    expect(router.decide({ prompt: "x", regions: ["ap", "US"] }).fallbacks).toEqual(["large"]);
  });

  test("where none fits, abilities give way and prohibitions don't", async () => {
    const unable = modelsWith({
      small: { regions: ["us"] },
      medium: { regions: ["eu"], supports_tools: false },
      large: { regions: ["us"], supports_tools: false },
    });
    const router = await scriptedRouter(() => easy, { models: unable });
    const decision = router.decide({ prompt: "x", tools: [{}], regions: ["eu"] });
    expect(decision).toMatchObject({ model: "medium", fallbacks: [] });
    expect(decision.reasons).toEqual(
      expect.arrayContaining(["constraint:region", "constraint:tools", "constraint:none_fits"]),
    );
    const nowhere = router.decide({ prompt: "x", regions: ["mars"] });
    expect(nowhere).toMatchObject({ model: "large", fallbacks: [] });
    expect(nowhere.reasons).toContain("constraint:none_fits");
  });

  test("the ramp's default model answers only where it is served", async () => {
    const router = await scriptedRouter(() => easy, { models, ramp: { share: 0, salt: "r" } });
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "large", arm: "control" });
    expect(router.decide({ prompt: "x", regions: ["eu"] })).toMatchObject({
      model: "medium",
      arm: "control",
      reasons: ["ramp:control", "constraint:region", "sufficient"],
    });
  });
});

describe("the cost cap", () => {
  // 2,400 characters: at most 1,000 tokens in and 1,000 out (the 90 % quantile).
  const prompt = "p".repeat(2_400);
  const models = modelsWith({
    small: { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
    medium: { input_usd_per_mtok: 10, output_usd_per_mtok: 10 },
    large: { input_usd_per_mtok: 100, output_usd_per_mtok: 100 },
  });

  test.each<[string, number[], Partial<Policy>, number | null, string, string[]]>([
    ["no cap", hard, {}, null, "large", ["insufficient"]],
    ["a cap that all keep", hard, {}, 0.21, "large", ["insufficient"]],
    ["a cap on the strong model", hard, {}, 0.19, "medium", ["insufficient", "constraint:cost"]],
    ["the policy's cap", hard, { max_cost_usd: 0.19 }, null, "medium", ["insufficient", "constraint:cost"]],
    ["the lower of both", hard, { max_cost_usd: 0.19 }, 0.019, "small", ["insufficient", "constraint:cost"]],
    ["a cap that changes nothing", easy, {}, 0.19, "small", ["sufficient"]],
    ["a cap that none keeps", hard, {}, 0.0019, "small", ["over_budget"]],
    ["a cap on a request with stakes", risky, {}, 0.19, "medium", ["stakes", "constraint:cost"]],
    ["a cap of nothing", risky, {}, 0, "small", ["over_budget", "stakes"]],
    ["a cap that is none", hard, {}, Number.NaN, "large", ["insufficient"]],
    ["a negative cap", hard, {}, -1, "large", ["insufficient"]],
  ])("%s", async (_, script, policy, maxCostUsd, model, reasons) => {
    const router = await scriptedRouter(() => script, { models, ...policy });
    expect(router.decide({ prompt, maxCostUsd })).toMatchObject({ model, reasons, verify: script === risky });
  });

  test("a model above the cap is no fallback, and an output cap makes a model affordable", async () => {
    const router = await scriptedRouter(() => easy, { models });
    expect(router.decide({ prompt, maxCostUsd: 0.19 }).fallbacks).toEqual(["medium"]);
    expect(router.decide({ prompt, maxCostUsd: 0.19, maxTokens: 500 }).fallbacks).toEqual([
      "medium",
      "large",
    ]);
  });

  test("a model whose price isn't known is not passed over", async () => {
    const unpriced = [...models.slice(0, 2), modelFacts("large")];
    const router = await scriptedRouter(() => hard, { models: unpriced });
    expect(router.decide({ prompt, maxCostUsd: 1e-9 })).toMatchObject({
      model: "large",
      expectedCostUsd: null,
      reasons: ["insufficient"],
    });
  });

  test("the cap holds for a rule's model too", async () => {
    const rules = [policyRule("r", {}, { model: "large" })];
    const router = await scriptedRouter(() => easy, { models, rules });
    expect(router.decide({ prompt }).model).toBe("large");
    expect(router.decide({ prompt, maxCostUsd: 0.19 })).toMatchObject({
      model: "small",
      rule: null,
      reasons: ["sufficient", "rule_passed_over:r", "constraint:cost"],
    });
  });
});
