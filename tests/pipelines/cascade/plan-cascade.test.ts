import { expect, it } from "vitest";
import { planCascade } from "../../../pipelines/cascade/plan-cascade.js";
import { simulateCascade } from "../../../pipelines/cascade/simulate-cascade.js";
import { cascadeWorld, replayedWorld } from "../../support/cascade-world.js";
import { handReplay } from "./hand-replay.js";

const gate = { tpr: 0.9, tnr: 0.8, usd: 0.01, ms: 50 };

it("plans what the router sends to the strong model, and all of it on demand", () => {
  const routed = planCascade(replayedWorld(handReplay()), { gate, askFrom: 0 })!;
  expect([routed.first, routed.then]).toEqual([0, 1]);
  expect([...routed.escalates]).toEqual([expect.closeTo(0.45), expect.closeTo(0.8), Number.NaN, Number.NaN]);
  expect([...routed.gateUsd]).toEqual([0.01, 0.01, 0, 0]);
  const all = planCascade(replayedWorld(handReplay()), { gate, askFrom: 0, takes: "all" })!;
  expect([...all.escalates]).toEqual([
    expect.closeTo(0.45),
    expect.closeTo(0.8),
    expect.closeTo(0.135),
    Number.NaN,
  ]);
});

it("plans the recommended setting, whose cost is the frontier's", () => {
  const replay = cascadeWorld(2, 400);
  const options = { gate: { ...gate, usd: 1e-5 } };
  const plan = planCascade(replayedWorld(replay, 0.9), options)!;
  const { recommended } = simulateCascade(replayedWorld(replay, 0.9), options).frontiers[0]!;
  let usd = 0;
  for (let row = 0; row < replay.rows; row++) {
    const cost = (model: number) => replay.usd[model * replay.rows + row]!;
    usd += Number.isNaN(plan.escalates[row]!)
      ? cost(replay.chosen[row]!)
      : cost(plan.first) + plan.gateUsd[row]! + plan.escalates[row]! * cost(plan.then);
  }
  expect(usd).toBeCloseTo(recommended!.usd!, 9);
});

it.each([
  ["no gate", {}],
  ["a gate without a price", { gate: { tpr: 0.9, tnr: 0.8 } }],
  ["a gate that saves nothing", { gate: { ...gate, usd: 10 } }],
])("plans nothing with %s", (_, options) => {
  expect(planCascade(replayedWorld(cascadeWorld(2)), options)).toBeNull();
});
