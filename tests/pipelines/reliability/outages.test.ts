import { describe, expect, it } from "vitest";
import type { ChainRow, ReliabilityResult } from "../../../datasets/reliability-result.js";
import { clusterJackknife } from "../../../models/statistics/cluster-jackknife.js";
import type { Interval } from "../../../models/statistics/wilson-interval.js";
import { gatherSums } from "../../../pipelines/reliability/gather-sums.js";
import { reliability } from "../../../pipelines/reliability/reliability.js";
import type { ReplayData } from "../../../pipelines/replay/replay-data.js";
import { routerPolicy } from "../../support/router-policy.js";
import { allFail, type OutagePlan, plantedOutages } from "./planted-outages.js";

const plan: OutagePlan = {
  calm: 0.01,
  outage: 0.7,
  share: 0.08,
  retried: 0.6,
  hours: 300,
  perHour: 30,
  seed: 1,
};
const two = routerPolicy().models;
const policy = routerPolicy({
  strong_model: "large",
  models: [
    { ...two[0]!, model: "small", provider: "a" },
    { ...two[2]!, model: "large", provider: "b" },
  ],
});

const of = (result: ReliabilityResult, chain: string): ChainRow =>
  result.chains.find((row) => row.chain === chain)!;

/** The share answered at first with an interval by sessions only. */
function sessionsAlone(replay: ReplayData): Interval[] {
  const { sums, layout } = gatherSums(replay, {
    plans: [],
    providers: ["a", "b"],
    windowMinutes: 5,
    sloMs: 1_000,
  });
  return clusterJackknife({
    columns: sums.bySession(),
    statistics: (totals) => [totals[layout.firstSucceeded]! / totals[layout.requests]!],
  });
}

describe("outages", () => {
  it("makes a retry worth far less than independence promises, and says so from logged retries", () => {
    const result = reliability({ replay: plantedOutages(plan), policy });
    const retry = of(result, "retry_once");
    const truth = allFail(plan, 2);
    expect(retry.steps[0]!.evidence).toBe("logged_class");
    expect(Math.abs(1 - retry.availability.value - truth)).toBeLessThan(0.012);
    expect(1 - retry.availability_if_independent).toBeLessThan(truth / 5);
    expect(retry.assumes_independence).toBe(false);
  });

  it("finds the same from the minutes around a failure when no retry is logged", () => {
    const result = reliability({ replay: plantedOutages({ ...plan, retried: 0, hours: 1_000 }), policy });
    const [once, twice] = [of(result, "retry_once"), of(result, "retry_twice")];
    expect(once.steps[0]!.evidence).toBe("same_window");
    expect(Math.abs(1 - once.availability.value - allFail(plan, 2))).toBeLessThan(0.01);
    expect(twice.steps[1]!.evidence).toBe("same_window");
    expect(Math.abs(1 - twice.availability.value - allFail(plan, 3))).toBeLessThan(0.01);
    const same = result.after_failure.find(({ relation }) => relation === "same_model")!;
    expect(same.logged).toBeNull();
    expect(Math.abs(same.same_window!.value - allFail(plan, 2) / allFail(plan, 1))).toBeLessThan(0.08);
  });

  it("sees that the other model's outages are its own", () => {
    const result = reliability({ replay: plantedOutages({ ...plan, hours: 1_000 }), policy });
    const fallback = of(result, "fallback");
    expect(fallback.steps[0]!.evidence).toBe("same_window");
    expect(Math.abs(1 - fallback.availability.value - allFail(plan, 1) ** 2)).toBeLessThan(0.004);
    expect(fallback.availability.value).toBeGreaterThan(of(result, "retry_once").availability.value);
  });

  it("takes a third attempt at least for as bad as the second where too little is known of it", () => {
    const small = { ...plan, hours: 150, perHour: 20, share: 0.15, seed: 4 };
    const twice = of(reliability({ replay: plantedOutages(small), policy }), "retry_twice");
    expect(twice.steps[1]!.evidence).toBe("first_failure");
    expect(twice.steps[1]!.failure).toBeCloseTo(twice.steps[0]!.failure, 12);
    expect(twice.assumes_independence).toBe(false);
  });

  it("covers the true availability in at least 90 % of 120 seeds, where sessions alone cover less than 70 %", () => {
    const covered = { no_retry: 0, retry_once: 0 };
    let sessions = 0;
    const small = { ...plan, hours: 150, perHour: 20, share: 0.15 };
    for (let seed = 0; seed < 120; seed++) {
      const result = reliability({ replay: plantedOutages({ ...small, seed }), policy });
      (["no_retry", "retry_once"] as const).forEach((chain, i) => {
        const { low, high } = of(result, chain).availability;
        const truth = 1 - allFail(small, i + 1);
        covered[chain] += Number(low <= truth && truth <= high);
      });
      const [bySession] = sessionsAlone(plantedOutages({ ...small, seed }));
      const truth = 1 - allFail(small, 1);
      sessions += Number(bySession!.low <= truth && truth <= bySession!.high);
    }
    expect(covered.no_retry).toBeGreaterThanOrEqual(108);
    expect(covered.retry_once).toBeGreaterThanOrEqual(108);
    expect(sessions).toBeLessThan(84);
  }, 120_000);
});
