import { describe, expect, it } from "vitest";
import { errorClasses } from "../../../pipelines/reliability/error-classes.js";
import { planChains } from "../../../pipelines/reliability/plan-chains.js";
import { routerPolicy } from "../../support/router-policy.js";

const [small, medium, large] = [0, 1, 2];
const classNamed = (name: string) => errorClasses.findIndex((row) => row.name === name);

function targetsOf(changes: Parameters<typeof routerPolicy>[0], chain: string) {
  const base = routerPolicy(changes);
  const plan = planChains(base, []).find((row) => row.chain === chain)!;
  return (model: number, name: string) => [...plan.targets(model, classNamed(name))];
}

describe("planned chains", () => {
  it("ask dearer models first, as the runtime does", () => {
    const next = targetsOf({}, "fallback");
    expect(next(small!, "server")).toEqual([medium]);
    expect(next(medium!, "server")).toEqual([large]);
    expect(next(large!, "server")).toEqual([medium]);
    expect(targetsOf({}, "retry_then_fallback")(small!, "timeout")).toEqual([small, medium]);
  });

  it("stop at errors that are the request's own fault", () => {
    for (const name of ["auth", "invalid_request", "content_filter", "context_length"]) {
      expect(targetsOf({}, "retry_twice")(small!, name)).toEqual([]);
    }
    expect(targetsOf({}, "retry_twice")(small!, "unclassified")).toEqual([small, small]);
  });

  it("follow the policy's own rules by class of error", () => {
    const models = routerPolicy().models.map((row, i) => ({
      ...row,
      provider: i === 1 ? "a" : i === 0 ? "a" : "b",
      context_window: [8_000, 8_000, 200_000][i]!,
    }));
    const policy = targetsOf({ models }, "policy");
    expect(policy(small!, "server")).toEqual([large, medium]);
    expect(policy(small!, "context_length")).toEqual([large]);
    expect(policy(small!, "content_filter")).toEqual([]);
    const strict = targetsOf({ models, fallbacks: { overloaded: "none", unknown: "dearer" } }, "policy");
    expect(strict(small!, "server")).toEqual([]);
    expect(strict(large!, "other")).toEqual([]);
    expect(strict(medium!, "other")).toEqual([large]);
  });

  it("never ask a model that the policy forbids", () => {
    expect(targetsOf({ deny_models: ["medium"] }, "policy")(small!, "other")).toEqual([large]);
    expect(targetsOf({ deny_models: ["medium", "large"] }, "fallback")(small!, "server")).toEqual([]);
  });
});
