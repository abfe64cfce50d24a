import { describe, expect, test } from "vitest";
import type { RouteRequest } from "../src/request/request.js";
import { easy, scriptedRouter } from "./support/scripted-router.js";
import { modelFacts, policyRule } from "./support/two-model-policy.js";

const priced = ["small", "medium", "large"].map((name, rank) =>
  modelFacts(name, { input_usd_per_mtok: 10 ** rank, output_usd_per_mtok: 10 ** rank }),
);

describe("the ramp", () => {
  test("lets about its share of the sessions in, whole, and keeps them in as it grows", async () => {
    const shares = [0, 0.1, 0.5, 1];
    const letIn: Set<number>[] = [];
    for (const share of shares) {
      const router = await scriptedRouter(() => easy, { ramp: { share, salt: "r" } });
      const arms = Array.from(
        { length: 2_000 },
        (_, s) => router.decide({ prompt: "Hi", sessionId: `s${s}` }).arm,
      );
      expect(router.decide({ prompt: "A later turn", sessionId: "s7" }).arm).toBe(arms[7]);
      letIn.push(new Set(arms.flatMap((arm, s) => (arm === "router" ? [s] : []))));
      expect(Math.abs(letIn.at(-1)!.size / 2_000 - share)).toBeLessThan(0.04);
    }
    for (const [i, inside] of letIn.entries()) {
      for (const s of letIn[i - 1] ?? []) expect(inside.has(s)).toBe(true);
    }
  });

  test("a session that is kept back gets the default model, with the router's numbers and choice beside it", async () => {
    const policy = { models: priced, default_model: "medium", ramp: { share: 0, salt: "r" } };
    const router = await scriptedRouter(() => easy, policy);
    expect(router.decide({ prompt: "p".repeat(400) })).toMatchObject({
      model: "medium",
      arm: "control",
      fallbacks: ["small", "large"],
      reasons: ["ramp:control", "sufficient"],
      sufficiency: { small: 0.9, medium: 0.9 },
      threshold: 0.6,
      explored: false,
      propensity: 1,
      expectedCostUsd: expect.closeTo((100 + 100) * 10 * 1e-6, 9),
    });
    expect(router.stats().defaults).toBe(0);
  });

  test("rules and exploration have no say over a session that is kept back", async () => {
    const router = await scriptedRouter(() => easy, {
      ramp: { share: 0, salt: "r" },
      rules: [policyRule("all", {}, { model: "small" })],
      exploration: { epsilon: 1, salt: "x" },
    });
    expect(router.decide({ prompt: "x" })).toMatchObject({ model: "large", explored: false, rule: "all" });
  });

  test("a default model outside the policy has no known cost", async () => {
    const router = await scriptedRouter(
      () => easy,
      { ramp: { share: 0, salt: "r" } },
      { defaultModel: "legacy" },
    );
    expect(router.decide({ prompt: "x" })).toMatchObject({
      model: "legacy",
      fallbacks: ["small", "medium", "large"],
      expectedCostUsd: null,
    });
  });
});

describe("slices", () => {
  test("are the texts of app, plan, locale and endpoint, in decisions of every kind", async () => {
    const router = await scriptedRouter(() => easy);
    const meta = {
      app: "shop",
      plan: "free",
      locale: "x".repeat(65),
      endpoint: 7,
      other: "y",
    } as RouteRequest["meta"];
    expect(router.decide({ prompt: "x", meta: meta! }).slices).toEqual({ app: "shop", plan: "free" });
    expect(router.decide({ prompt: "x" }).slices).toEqual({});
    router.disable();
    expect(router.decide({ prompt: "x", meta: meta! }).slices).toEqual({ app: "shop", plan: "free" });
  });
});
