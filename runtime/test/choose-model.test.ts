import { describe, expect, test } from "vitest";
import type { Head, Policy, PolicyModel } from "../src/artifact/artifact.js";
import { denseNames } from "../src/features/dense-features.js";
import { readRequest } from "../src/request/read-request.js";
import type { RouteRequest } from "../src/request/request.js";
import { chooseModel } from "../src/router/choose-model.js";
import { compilePolicy } from "../src/router/compile-policy.js";

const heads: Head[] = [
  { kind: "sufficiency", model: "small" },
  { kind: "sufficiency", model: "medium" },
  { kind: "difficulty", level: 1 },
  { kind: "difficulty", level: 2 },
  { kind: "stakes" },
];

function modelFacts(model: string, facts: Partial<PolicyModel> = {}): PolicyModel {
  return {
    model,
    provider: null,
    input_usd_per_mtok: null,
    output_usd_per_mtok: null,
    mean_cost_usd: null,
    context_window: null,
    supports_tools: null,
    supports_vision: null,
    supports_json: null,
    ...facts,
  };
}

const certified = (min_sufficiency: number | null) => ({
  min_sufficiency,
  retention_low: null,
  n: 100,
  note: "",
});

const policy: Policy = {
  strong_model: "large",
  default_model: "large",
  models: [modelFacts("small"), modelFacts("medium"), modelFacts("large")],
  excluded: [],
  retention_target: 0.98,
  confidence: 0.95,
  thresholds: { small: certified(0.8), medium: certified(0.6) },
  in_distribution: null,
  stakes_threshold: 0.5,
  shadow: { rate: 0.1, salt: "s" },
  enabled: true,
};

function choose(
  probabilities: number[],
  changes: Partial<Policy> = {},
  request: RouteRequest = { prompt: "Hello" },
) {
  const dense = new Float32Array(denseNames.length).fill(0.5);
  return chooseModel(compilePolicy({ ...policy, ...changes }, heads), {
    read: readRequest(request),
    features: { ids: new Int32Array(0), weights: new Float32Array(0), dense },
    probabilities,
  });
}

describe("chooseModel", () => {
  test.each<[string, number[], string, string]>([
    ["the cheapest model that clears its threshold", [0.9, 0.9, 0, 0, 0], "small", "sufficient"],
    ["a model exactly at its threshold", [0.8, 0.1, 0, 0, 0], "small", "sufficient"],
    ["the next model when the cheapest falls short", [0.79, 0.7, 0, 0, 0], "medium", "sufficient"],
    ["the strong model when none clears", [0.5, 0.5, 1, 1, 0], "large", "insufficient"],
    ["the strong model when errors are expensive", [0.99, 0.99, 0, 0, 0.5], "large", "stakes"],
  ])("chooses %s", (_, probabilities, model, reason) => {
    expect(choose(probabilities)).toMatchObject({ model, reasons: [reason] });
  });

  test.each([
    [[0.9, 0.9, 0.2, 0.1, 0], 0],
    [[0.9, 0.9, 0.5, 0.1, 0], 1],
    [[0.9, 0.9, 0.9, 0.7, 0], 2],
  ])("reads the tier off cumulative probabilities: %j is %i", (probabilities, tier) => {
    expect(choose(probabilities).tier).toBe(tier);
  });

  test("scores the need of the strong model by the cheapest certified candidate", () => {
    expect(choose([0.9, 0.7, 0, 0, 0])).toMatchObject({ threshold: 0.8 });
    expect(choose([0.9, 0.7, 0, 0, 0]).score).toBeCloseTo(0.1);
    const mediumOnly = { thresholds: { small: certified(null), medium: certified(0.6) } };
    expect(choose([0.9, 0.7, 0, 0, 0], mediumOnly).score).toBeCloseTo(0.3);
  });

  test("never chooses a model without a certified threshold", () => {
    expect(choose([1, 1, 0, 0, 0], { thresholds: {} })).toMatchObject({
      model: "large",
      reasons: ["not_certified"],
      threshold: null,
    });
  });

  test("sends features beyond the bounds to the strong model and names the first", () => {
    const low = denseNames.map(() => 0);
    const high = denseNames.map((name) => (name === "words" ? 0.4 : 1));
    const choice = choose([1, 1, 0, 0, 0], { in_distribution: { dense_low: low, dense_high: high } });
    expect(choice).toMatchObject({ model: "large", reasons: ["out_of_distribution:words"], escalated: true });
  });

  test("sends a request without user text to the strong model", () => {
    expect(choose([1, 1, 0, 0, 0], {}, { messages: [] })).toMatchObject({
      model: "large",
      reasons: ["no_text"],
    });
  });

  test.each<[string, Partial<PolicyModel>, RouteRequest]>([
    ["tools", { supports_tools: false }, { prompt: "x", tools: [{}] }],
    [
      "vision",
      { supports_vision: false },
      { messages: [{ role: "user", content: ["x", { type: "image" }] }] },
    ],
    ["json", { supports_json: false }, { prompt: "x", responseFormat: { type: "json_object" } }],
    ["context", { context_window: 1_000 }, { prompt: "word ".repeat(1_000) }],
    ["context", { context_window: 1_000 }, { prompt: "x", maxTokens: 1_001 }],
  ])("passes over a model that lacks %s", (constraint, lacks, request) => {
    const models = [modelFacts("small", lacks), modelFacts("medium"), modelFacts("large")];
    const choice = choose([1, 1, 0, 0, 0], { models }, request);
    expect(choice).toMatchObject({
      model: "medium",
      escalated: true,
      reasons: ["sufficient", `constraint:${constraint}`],
    });
    expect(choice.fallbacks).toEqual(["large"]);
    expect(choose([1, 1, 0, 0, 0], {}, request).model).toBe("small");
  });

  test("takes the dearest model that fits when the strong one doesn't, and the strong one when none does", () => {
    const noTools = (name: string) => modelFacts(name, { supports_tools: false });
    const request = { prompt: "x", tools: [{}] };
    const models = [modelFacts("small"), modelFacts("medium"), noTools("large")];
    expect(choose([0, 0, 0, 0, 0], { models }, request).model).toBe("medium");
    const none = choose([1, 1, 0, 0, 0], { models: ["small", "medium", "large"].map(noTools) }, request);
    expect(none.model).toBe("large");
    expect(none.reasons).toContain("constraint:none_fits");
  });

  test("lists dearer fallbacks first, then cheaper ones", () => {
    expect(choose([1, 1, 0, 0, 0]).fallbacks).toEqual(["medium", "large"]);
    expect(choose([0, 1, 0, 0, 0]).fallbacks).toEqual(["large", "small"]);
    expect(choose([0, 0, 0, 0, 0]).fallbacks).toEqual(["medium", "small"]);
  });
});
