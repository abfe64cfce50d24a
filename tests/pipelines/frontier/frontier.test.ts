import type { Policy } from "@signalbox/runtime";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../datasets/random.js";
import { type FrontierOptions, frontierOf } from "../../../pipelines/frontier/frontier.js";
import { type ReplayedAttempt, replayData } from "../../support/replay-data.js";
import { routerPolicy } from "../../support/router-policy.js";

const models = ["small", "large"];
const policy: Policy = {
  ...routerPolicy(),
  models: routerPolicy().models.filter(({ model }) => model !== "medium"),
  retention_target: 0.9,
  thresholds: { small: { min_sufficiency: 0.8, retention_low: 0.9, n: 100, note: "" } },
  dial: [
    { retention: 0.9, min_sufficiency: { small: 0.8 }, retention_low: 0.9 },
    { retention: 0.99, min_sufficiency: { small: null }, retention_low: null },
  ],
};

function frontier(attempts: readonly ReplayedAttempt[], options: Partial<FrontierOptions> = {}) {
  const replay = replayData(options.policy?.models.map(({ model }) => model) ?? models, attempts);
  return frontierOf(replay, { policy, artifactId: "a", isSimulated: false, ...options });
}

/** Ten sessions of four answered calls at 1 USD on the strong model and 0.1 on the cheap one: sufficient with 0.9, 0.6, 0.95 (stakes) and 0.3. */
function planted(): ReplayedAttempt[] {
  return Array.from({ length: 40 }, (_, row) => {
    const kind = row % 4;
    const sufficiency = [0.9, 0.6, 0.95, 0.3][kind]!;
    return {
      session: Math.floor(row / 4),
      chosen: kind === 0 ? 0 : 1,
      served: 1,
      stakes: kind === 2,
      usd: [0.1, 1],
      sufficiency: [sufficiency, 1],
      latency: 1000 + row,
    };
  });
}

const pointOf = (result: ReturnType<typeof frontier>, label: string) =>
  result.points.find((point) => point.label === label)!;

describe("points of a planted replay", () => {
  const result = frontier(planted());

  test("are those by hand: thresholds move free attempts only, single models all", () => {
    expect(result.requests).toBe(40);
    expect(result.sessions).toBe(10);
    expect(result.free_requests).toBe(30);
    const figures = Object.fromEntries(
      result.points.map(({ label, usd, retention, strong_share: share }) => [
        label,
        [usd.value, retention!.value, share].map((value) => Math.round(value * 1e9) / 1e9),
      ]),
    );
    expect(figures["As billed"]).toEqual([40, 1, 1]);
    expect(figures["Router as it is set"]).toEqual([31, 0.975, 0.75]);
    expect(figures["Dial at 90.0 %"]).toEqual([31, 0.975, 0.75]);
    expect(figures["Sufficiency of at least 0.3000"]).toEqual([13, 0.7, 0.25]);
    expect(figures["Sufficiency of at least 0.6000"]).toEqual([22, 0.875, 0.5]);
    expect(figures["Sufficiency of at least 0.9000"]).toEqual([31, 0.975, 0.75]);
    expect(figures["Always small"]).toEqual([4, 0.6875, 0]);
    expect(figures["Always large"]).toEqual([40, 1, 1]);
    expect(figures["60 % large at random, else small"]).toEqual([25.6, 0.875, 0.6]);
    expect(pointOf(result, "Router as it is set").saving!.value).toBeCloseTo(9 / 40, 12);
    expect(pointOf(result, "As billed").saving).toBeNull();
  });

  test("on the front are those that no other realisable point beats", () => {
    const onFront = result.points.filter((point) => point.is_on_front).map(({ label }) => label);
    expect(onFront).toEqual([
      "Router as it is set",
      "Sufficiency of at least 0.3000",
      "Sufficiency of at least 0.6000",
      "Always small",
      "Always large",
    ]);
  });

  test("an uncertified point of the dial is no setting, and a command is there where one exists", () => {
    expect(result.points.filter(({ kind }) => kind === "dial")).toHaveLength(1);
    expect(pointOf(result, "Dial at 90.0 %").command).toBe(
      "signalbox policy set --artifact DIR --retention 0.9",
    );
    expect(pointOf(result, "Sufficiency of at least 0.6000").command).toBeNull();
  });

  test("a bound of exact estimates is nowhere below a threshold at its cost", () => {
    for (const bound of result.points.filter(({ kind }) => kind === "if_exact")) {
      for (const other of result.points.filter(({ kind }) => kind === "threshold" || kind === "dial")) {
        if (other.usd.value <= bound.usd.value)
          expect(other.retention!.value).toBeLessThanOrEqual(bound.retention!.value + 1e-9);
      }
    }
  });

  test("the same log gives the same document", () => {
    expect(JSON.stringify(frontier(planted()))).toBe(JSON.stringify(result));
  });
});

describe("the cheapest setting under constraints", () => {
  test("is found by estimates and by bounds, with what the other half of the sessions says", () => {
    const [asked] = frontier(planted(), { minRetention: 0.87 }).queries;
    expect(asked!.by_estimates).toMatchObject({ is_feasible: true, text: "Sufficiency of at least 0.6000" });
    expect(asked!.by_bounds.is_feasible).toBe(true);
    expect(asked!.by_bounds.confirmed!.retention!.value).toBeCloseTo(0.875, 9);
    expect(asked!.by_bounds.confirmed).toMatchObject({ holds: true, bounds_hold: true });
    expect(asked!.settable.text).toBe("Router as it is set");
  });

  test("says which constraint binds, and by how much the nearest setting misses", () => {
    // Every logged answer took 1,000 ms or more, the cheap model has no latency: its p95 is unknown.
    const [latency] = frontier(planted(), { minRetention: 0.9, maxP95Ms: 500 }).queries;
    expect(latency!.by_estimates).toMatchObject({ is_feasible: false, binding: "p95" });
    expect(latency!.by_estimates.text).toMatch(/no setting keeps the latency.*Nearest: Always large/);
    expect(latency!.by_estimates.over_p95_ms).toBeCloseTo(1037 - 500, 9);
    expect(latency!.by_estimates.short_of_retention).toBe(0);
  });

  test("two constraints that each can be met alone bind together", () => {
    // The cheap model answers at once but badly, the strong one slowly.
    const attempts = planted().map((attempt, row) => ({
      ...attempt,
      served: row < 20 ? 0 : 1,
      latency: row < 20 ? 10 : 9000,
    }));
    const [asked] = frontier(attempts, { minRetention: 0.99, maxP95Ms: 100 }).queries;
    expect(asked!.by_estimates).toMatchObject({ is_feasible: false, binding: "both" });
  });

  test("a quality that no setting keeps binds alone", () => {
    const halfAsGood = planted().map((attempt) => ({ ...attempt, sufficiency: [0.3, 0.5] }));
    const [asked] = frontier(halfAsGood, { minRetention: 0.9 }).queries;
    expect(asked!.by_bounds).toMatchObject({ is_feasible: false, binding: "retention" });
    expect(asked!.by_estimates.short_of_retention).toBeCloseTo(0.4, 9);
  });
});

test("the best of many settings looks better than it is, and the confirming half doesn't", () => {
  // Twelve models cost the same on average, call by call at random: no choice saves anything.
  const names = Array.from({ length: 12 }, (_, m) => `m${String(m).padStart(2, "0")}`);
  const many: Policy = {
    ...policy,
    strong_model: "m11",
    models: names.map((model) => ({ ...policy.models[0]!, model })),
    thresholds: {},
    dial: [],
  };
  const chosen: number[] = [];
  const confirmed: number[] = [];
  for (let seed = 0; seed < 60; seed++) {
    const random = createRandom(300 + seed);
    const attempts = Array.from({ length: 160 }, (_, row) => ({
      session: Math.floor(row / 2),
      usd: names.map(() => 1 + random.uniform()),
      sufficiency: names.map(() => 1),
    }));
    const result = frontier(attempts, { policy: many, minRetention: 0.5 });
    const { by_estimates: greedy, by_bounds: honest } = result.queries[0]!;
    chosen.push(result.points[greedy.point!]!.saving!.value);
    confirmed.push(honest.confirmed!.saving!.value);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = Math.sqrt(mean(confirmed.map((value) => value ** 2)) / confirmed.length);
  expect(mean(chosen)).toBeGreaterThan(0.02);
  // Margin: three standard errors around the truth, which is 0.
  expect(Math.abs(mean(confirmed))).toBeLessThan(3 * error);
  expect(3 * error).toBeLessThan(0.02);
});

test("thresholds by app beat common ones where apps differ in cost for the same quality", () => {
  const attempts = Array.from({ length: 400 }, (_, row) => {
    const isDear = row % 2 === 0;
    const sufficiency = 0.5 + ((row * 37) % 100) / 200;
    return {
      session: Math.floor(row / 4),
      chosen: sufficiency >= 0.8 ? 0 : 1,
      app: isDear ? "dear" : "cheap",
      usd: isDear ? [1, 50] : [1, 2],
      sufficiency: [sufficiency, 1],
    };
  });
  const { points } = frontier(attempts);
  const perApp = points.filter(({ kind }) => kind === "per_app");
  const gain = perApp.some((own) =>
    points.some(
      ({ kind, usd, retention }) =>
        kind === "threshold" &&
        retention!.value <= own.retention!.value &&
        retention!.value > 0.8 &&
        usd.value > 1.2 * own.usd.value,
    ),
  );
  expect(gain).toBe(true);
  expect(perApp[0]!.by_app!.map(({ app }) => app)).toEqual(["dear", "cheap"]);
});

describe("hostile logs", () => {
  test.each<[string, ReplayedAttempt[]]>([
    ["no rows", []],
    ["nothing replayed", [{ billed: 3 }, { isUnknown: true }]],
  ])("%s: no points, and the coverage still adds up", (_, attempts) => {
    const result = frontier(attempts);
    expect(result.points).toEqual([]);
    expect(result.queries[0]!.by_bounds).toMatchObject({ is_feasible: false, point: null, binding: null });
    expect(result.coverage.reduce((sum, line) => sum + line.requests, 0)).toBe(attempts.length);
  });

  test("one session has figures without intervals, and keeps no bound", () => {
    const attempts = planted().map((attempt) => ({ ...attempt, session: 0 }));
    const result = frontier(attempts, { minRetention: 0.5, maxP95Ms: 1e6 });
    expect(pointOf(result, "Always large").usd).toMatchObject({ value: 40, high: Number.POSITIVE_INFINITY });
    expect(result.queries[0]!.by_estimates.is_feasible).toBe(true);
    expect(result.queries[0]!.by_bounds.is_feasible).toBe(false);
  });

  test("a model without a head keeps an unknown quality, not none", () => {
    const attempts = planted().map((attempt) => ({ ...attempt, chosen: 1, sufficiency: [Number.NaN, 1] }));
    const result = frontier(attempts);
    expect(pointOf(result, "Always small").retention).toBeNull();
    expect(pointOf(result, "Always small").is_on_front).toBe(false);
    expect(pointOf(result, "Always large").retention!.value).toBe(1);
  });

  test("unknown and infinite latencies are in no quantile, and batch calls have none", () => {
    const attempts = planted().map((attempt, row) => ({
      ...attempt,
      latency: row === 0 ? Number.POSITIVE_INFINITY : row < 10 ? Number.NaN : 700,
      isBatch: row >= 30,
    }));
    const result = frontier(attempts);
    expect(pointOf(result, "Always large").p95_ms!.value).toBe(700);
    expect(pointOf(result, "Always small").p95_ms).toBeNull();
    const allBatch = frontier(planted().map((attempt) => ({ ...attempt, isBatch: true })));
    expect(pointOf(allBatch, "Always large").p95_ms).toBeNull();
  });

  test("a policy of one model has that model's points alone", () => {
    const single: Policy = { ...policy, models: policy.models.slice(1), thresholds: {}, dial: [] };
    const result = frontier(
      [
        { usd: [1], sufficiency: [1], session: 0 },
        { usd: [2], sufficiency: [1] },
      ],
      {
        policy: single,
      },
    );
    expect(result.points.map(({ kind }) => kind)).toEqual(["billed", "router", "single"]);
  });
});
