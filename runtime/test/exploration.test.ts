import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exploreModel } from "../src/router/explore-model.js";
import { sampleShadow } from "../src/router/shadow-sample.js";
import { easy, hard, risky, scriptedRouter } from "./support/scripted-router.js";
import { policyRule } from "./support/two-model-policy.js";

const names = ["small", "medium", "large"];
const exploration = { epsilon: 0.2, salt: "x" };

describe("exploreModel", () => {
  test("propensities sum to 1 over the models and match the shares of 20,000 units", () => {
    const units = 20_000;
    for (const feasible of [[0, 1, 2], [0, 2], [1]]) {
      const greedy = feasible[0]!;
      const draws = new Map<number, { count: number; propensity: number }>();
      for (let i = 0; i < units; i++) {
        const { rank, propensity } = exploreModel(exploration, { unit: `u${i}`, names, feasible, greedy });
        draws.set(rank, { count: (draws.get(rank)?.count ?? 0) + 1, propensity });
      }
      expect([...draws.keys()].sort()).toEqual(feasible);
      const sum = [...draws.values()].reduce((total, { propensity }) => total + propensity, 0);
      expect(sum).toBeCloseTo(1, 12);
      for (const { count, propensity } of draws.values()) {
        const margin = 4 * Math.sqrt((propensity * (1 - propensity)) / units) + 1e-12;
        expect(Math.abs(count / units - propensity)).toBeLessThanOrEqual(margin);
      }
    }
  });

  test("the weighted log gives each model's value back: the mean of 1 / propensity is 1", () => {
    const value = [0.3, 0.6, 0.9];
    let estimate = 0;
    const units = 20_000;
    for (let i = 0; i < units; i++) {
      const { rank, propensity } = exploreModel(exploration, {
        unit: `u${i}`,
        names,
        feasible: [0, 1, 2],
        greedy: 0,
      });
      if (rank === 2) estimate += value[2]! / propensity / units;
    }
    expect(Math.abs(estimate - 0.9)).toBeLessThan(0.1);
  });

  test("a unit keeps its model when others come and go, and explored units don't depend on the greedy model", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (unit) => {
        const draw = (feasible: number[], greedy: number) =>
          exploreModel({ epsilon: 1, salt: "x" }, { unit, names, feasible, greedy }).rank;
        const drawn = draw([0, 1, 2], 0);
        expect(draw([0, 1, 2], 2)).toBe(drawn);
        for (const others of [
          [0, 1],
          [1, 2],
          [0, 2],
        ])
          if (others.includes(drawn)) expect(draw(others, others[0]!)).toBe(drawn);
      }),
      { numRuns: 100 },
    );
  });

  test("is independent of the shadow sample, with the same salt too", () => {
    let both = 0;
    let explored = 0;
    let sampled = 0;
    const units = 20_000;
    for (let i = 0; i < units; i++) {
      const unit = `u${i}`;
      const isExplored = exploreModel(exploration, { unit, names, feasible: [0, 1, 2], greedy: 0 }).explored;
      const isSampled = sampleShadow({ salt: "x", rate: 0.1, unit }).sampled;
      explored += Number(isExplored);
      sampled += Number(isSampled);
      both += Number(isExplored && isSampled);
    }
    expect(Math.abs(explored / units - 0.2)).toBeLessThan(0.012);
    expect(Math.abs(both / units - (explored / units) * (sampled / units))).toBeLessThan(0.005);
  });
});

describe("a router that explores", () => {
  const always = { exploration: { epsilon: 1, salt: "x" } };

  test("holds a session on its drawn model and logs the chance", async () => {
    const router = await scriptedRouter(() => easy, { exploration: { epsilon: 0.5, salt: "x" } });
    const models = new Set<string>();
    for (let s = 0; s < 40; s++) {
      const turns = Array.from({ length: 4 }, () =>
        router.decide({ prompt: "Write an essay.", sessionId: `s${s}` }),
      );
      expect(new Set(turns.map(({ model }) => model)).size).toBe(1);
      const [first] = turns;
      models.add(first!.model);
      expect(first!.propensity).toBeCloseTo((first!.model === "small" ? 0.5 : 0) + 0.5 / 3, 12);
      expect(first!.reasons).toEqual(first!.explored ? ["explored", "sufficient"] : ["sufficient"]);
    }
    expect([...models].sort()).toEqual(["large", "medium", "small"]);
  });

  test("a follow-up of a drawn session stays on its model", async () => {
    const router = await scriptedRouter(() => easy, always);
    const messages = [
      { role: "assistant", content: "Shall I?" },
      { role: "user", content: "yes" },
    ];
    for (let s = 0; s < 20; s++) {
      const { model } = router.decide({ prompt: "Write an essay.", sessionId: `s${s}` });
      expect(router.decide({ messages, sessionId: `s${s}` }).model).toBe(model);
    }
  });

  test.each([
    ["stakes", () => risky, { prompt: "x" }, "large"],
    ["no text", () => easy, { messages: [] }, "large"],
    ["a lone model", () => easy, { prompt: "x", allowModels: ["medium"] }, "medium"],
    ["nothing that fits", () => easy, { prompt: "x", allowModels: ["other"] }, "large"],
    [
      "a follow-up of an unknown session",
      () => easy,
      {
        messages: [
          { role: "assistant", content: "?" },
          { role: "user", content: "yes" },
        ],
      },
      "large",
    ],
  ])("chance has no say over %s", async (_, script, request, model) => {
    const router = await scriptedRouter(script, always);
    for (let i = 0; i < 10; i++) {
      expect(router.decide({ ...request, requestId: `r${i}` })).toMatchObject({
        model,
        explored: false,
        propensity: 1,
      });
    }
  });

  test("chance has no say over a rule's model, and keeps to what a rule leaves", async () => {
    const taken = await scriptedRouter(() => easy, {
      ...always,
      rules: [policyRule("r", {}, { model: "medium" })],
    });
    const left = await scriptedRouter(() => hard, {
      ...always,
      rules: [policyRule("r", {}, { exclude: ["small"] })],
    });
    for (let i = 0; i < 20; i++) {
      expect(taken.decide({ prompt: "x", requestId: `r${i}` })).toMatchObject({
        model: "medium",
        explored: false,
        propensity: 1,
      });
      const { model, propensity } = left.decide({ prompt: "x", requestId: `r${i}` });
      expect(model).not.toBe("small");
      expect(propensity).toBe(0.5);
    }
  });

  test("is off by default, and off at epsilon 0", async () => {
    const off = await scriptedRouter(() => easy);
    const zero = await scriptedRouter(() => easy, { exploration: { epsilon: 0, salt: "x" } });
    for (const router of [off, zero])
      expect(router.decide({ prompt: "x" })).toMatchObject({
        model: "small",
        explored: false,
        propensity: 1,
      });
  });
});
