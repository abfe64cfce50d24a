import { describe, expect, test } from "vitest";
import type { CacheReplayResult } from "../../../datasets/cache-result.js";
import type { DriftResult } from "../../../datasets/drift-result.js";
import type { LeverRow, LeversResult } from "../../../datasets/levers-result.js";
import type { MarkupResult } from "../../../datasets/markup-result.js";
import type { PricedPlan, PricingResult } from "../../../datasets/pricing-result.js";
import type { ReconcileResult } from "../../../datasets/reconcile-result.js";
import type { AuditResult, Estimate, SimulateResult } from "../../../datasets/results.js";
import type { ActionDocuments } from "../../../pipelines/actions/action-documents.js";
import { actionPlans } from "../../../pipelines/actions/action-plans.js";
import { rankActions } from "../../../pipelines/actions/rank-actions.js";

const nothing: ActionDocuments = {
  audit: null,
  levers: null,
  simulate: null,
  cacheReplay: null,
  cacheCalibration: null,
  markup: null,
  reconcile: null,
  pricing: null,
  drift: null,
};
/** Days of which a month is exactly ten. */
const days = 3.04375;

function estimate(value: number, low = value, high = value): Estimate {
  return { value, low, high, method: "modelled: test", n: 10 };
}

function lever(name: string, alone: Estimate): LeverRow {
  return {
    lever: name,
    label: name,
    alone,
    requests: 5,
    evidence: "modelled",
    note: `about ${name}`,
  } as unknown as LeverRow;
}

function levers(rows: LeverRow[], overlaps: LeversResult["overlaps"] = []): LeversResult {
  return {
    schema_version: 1,
    billed_usd: 100,
    projected_usd: 50,
    days,
    attempts: 100,
    unpriced_attempts: 0,
    levers: rows,
    waterfall: [],
    overlaps,
    coverage: [],
    is_simulated: false,
    notes: [],
  } as unknown as LeversResult;
}

function audit(waste: AuditResult["waste"], unpriced = 0): AuditResult {
  return {
    days,
    requests: 100,
    billed: { usd: 100, priced_requests: 100 - unpriced, unpriced_requests: unpriced },
    waste,
  } as unknown as AuditResult;
}

const ranked = (documents: Partial<ActionDocuments>) => rankActions({ ...nothing, ...documents });
const names = (documents: Partial<ActionDocuments>) =>
  ranked(documents).actions.map(({ action, standing }) => `${action} ${standing}`);

describe("the order", () => {
  test("dollars a month for a person-day within shown savings: half a day, three, fifteen", () => {
    const { actions } = ranked({
      levers: levers([
        lever("cascade", estimate(140, 100, 180)),
        lever("router", estimate(30, 20, 40)),
        lever("prompt_cache", estimate(4.6, 4, 5)),
      ]),
    });
    expect(actions.map(({ rank, action, usd_per_month_per_day: gain }) => [rank, action, gain])).toEqual([
      [1, "router", expect.closeTo(300 / 3, 9)],
      [2, "cascade", expect.closeTo(1400 / 15, 9)],
      [3, "prompt_cache", expect.closeTo(46 / 0.5, 9)],
    ]);
  });

  test("shown, then upper bounds, then what may be nothing, then unknown, however large", () => {
    expect(
      names({
        levers: levers([
          lever("router", estimate(900, -1, 2000)),
          lever("batch", estimate(50, 40, 60)),
          lever("prompt_cache", estimate(1, 0.5, 2)),
        ]),
        audit: audit([], 7),
      }),
    ).toEqual(["prompt_cache shown", "batch up_to", "router not_shown", "unpriced unknown"]);
  });

  test("equal gains go by name", () => {
    const both = (first: string, second: string) =>
      names({ levers: levers([lever(first, estimate(2, 1, 3)), lever(second, estimate(2, 1, 3))]) });
    expect(both("prompt_cache", "exact_cache")).toEqual(both("exact_cache", "prompt_cache"));
  });

  test("a saving without an interval is not shown", () => {
    const open = { ...estimate(5), low: null, high: null } as unknown as Estimate;
    const [row] = ranked({ levers: levers([lever("router", open)]) }).actions;
    expect(row).toMatchObject({
      standing: "not_shown",
      usd_per_month: { value: expect.closeTo(50, 9), low: Number.NEGATIVE_INFINITY },
    });
  });
});

test("dollars of the window become those of a month and of a week", () => {
  const [row] = ranked({ levers: levers([lever("router", estimate(30, 20, 40))]) }).actions;
  expect(row!.usd_per_month).toMatchObject({
    value: expect.closeTo(300, 9),
    low: expect.closeTo(200, 9),
    high: expect.closeTo(400, 9),
  });
  expect(row!.usd_per_week).toBeCloseTo((30 / days) * 7, 9);
});

test("what costs, or saves nothing, is left out with its reason", () => {
  const { actions, left_out } = ranked({
    levers: levers([lever("cascade", estimate(-2)), lever("batch", estimate(0))]),
  });
  expect(actions).toEqual([]);
  expect(left_out.map(({ action, why }) => [action, why])).toEqual([
    ["cascade", "it would cost $20.00 a month"],
    ["batch", "nothing was found to save"],
  ]);
});

test("overlaps are the levers' own where they have them, else known by name alone", () => {
  const rows = [lever("router", estimate(30, 20, 40)), lever("exact_cache", estimate(5, 4, 6))];
  const overlap: LeversResult["overlaps"] = [
    { levers: ["router", "exact_cache"], together_usd: 33, overlap_usd: 2 },
  ];
  const { actions } = ranked({ levers: levers(rows, overlap), cacheReplay: cacheReplay(10) });
  const of = (name: string) => actions.find(({ action }) => action === name)!.overlaps;
  expect(of("exact_cache")).toEqual([
    { action: "router", usd_per_month: expect.closeTo(20, 9) },
    { action: "semantic_cache", usd_per_month: null },
  ]);
  expect(of("router")).toContainEqual({ action: "exact_cache", usd_per_month: expect.closeTo(20, 9) });
});

describe("without levers", () => {
  const waste: AuditResult["waste"] = [
    { kind: "exact repeats", requests: 3, usd: 6, evidence: "measured", note: "repeats" },
    { kind: "batchable at half price", requests: 9, usd: 12, evidence: "measured", note: "half" },
    { kind: "oversize prompts", requests: 0, usd: 0, evidence: "measured", note: "none" },
    { kind: "a kind of tomorrow", requests: 9, usd: 99, evidence: "measured", note: "?" },
  ];

  test("waste is the audit's and at most that, the router the simulation's", () => {
    const result = ranked({ audit: audit(waste), simulate: simulated() });
    expect(result.based_on).toBe("audit");
    expect(
      result.actions.map(({ action, standing, usd_per_month: usd }) => [action, standing, usd!.value]),
    ).toEqual([
      ["router", "shown", expect.closeTo(200, 9)],
      ["exact_cache", "up_to", expect.closeTo(60, 9)],
      ["batch", "up_to", expect.closeTo(120, 9)],
    ]);
    expect(result.notes.join()).toContain("Levers have not been worked out");
  });

  test("levers replace the audit's waste of the same kind and keep the rest", () => {
    const cut = {
      kind: "cut off by the output cap",
      requests: 1,
      usd: 1,
      evidence: "measured" as const,
      note: "",
    };
    expect(
      names({
        audit: audit([...waste, cut]),
        simulate: simulated(),
        levers: levers([
          lever("exact_cache", estimate(2, 1, 3)),
          lever("batch", estimate(2, 1, 3)),
          lever("router", estimate(2, 1, 3)),
        ]),
      }),
    ).toEqual(["exact_cache shown", "router shown", "output_cap up_to", "batch up_to"]);
  });

  test("an empty workspace ranks nothing and says what to run", () => {
    const result = ranked({});
    expect(result).toMatchObject({ actions: [], based_on: "nothing", days: null });
    expect(result.notes.join()).toContain("signalbox audit");
  });
});

describe("other documents", () => {
  test("a semantic cache is valued at its strictest threshold, not at its best", () => {
    const [row] = ranked({ audit: audit([]), cacheReplay: cacheReplay(5) }).actions;
    expect(row).toMatchObject({ action: "semantic_cache", usd_per_month: { value: expect.closeTo(50, 9) } });
    expect(row!.detail).toContain("No threshold has been calibrated yet");
  });

  test("a mark-up is what is charged beyond the list", () => {
    const group = {
      gateway: "g",
      model: "m",
      list_usd: 40,
      uplift: estimate(0.1, 0.05, 0.15),
      verdict: "10 %.",
    };
    const markup = { groups: [group, { ...group, uplift: estimate(-0.2) }] } as unknown as MarkupResult;
    const { actions } = ranked({ audit: audit([]), markup });
    expect(actions.map(({ action, usd_per_month: usd }) => [action, usd!.value, usd!.low])).toEqual([
      ["markup", expect.closeTo(40, 9), expect.closeTo(20, 9)],
    ]);
  });

  test("the cheapest plan that serves all calls", () => {
    const plan = (name: string, change: number, unserved = 0) =>
      ({
        plan: name,
        terms: "t",
        change: estimate(change, change - 0.1, change + 0.1),
        unserved_calls: unserved,
      }) as PricedPlan;
    const pricing = {
      now: { usd_per_month: estimate(1000) },
      priced: [plan("a", -0.2), plan("b", -0.3), plan("c", -0.9, 5), plan("d", 0.4)],
    } as unknown as PricingResult;
    const [row] = ranked({ pricing }).actions;
    expect(row).toMatchObject({
      action: "price_plan",
      usd_per_month: { value: 300, low: expect.closeTo(200, 9), high: expect.closeTo(400, 9) },
    });
    expect(row!.detail).toMatch(/^b: t\./);
  });

  test("bills without a log and drift are unknown dollars", () => {
    const reconcile = {
      vendors: [{ vendor: "openai", parts: [{ kind: "missing_in_log", usd: 12.5, cells: 1 }] }],
    } as unknown as ReconcileResult;
    const drift = {
      retrain_advised: true,
      since: "2026-05-01",
      reasons: [{ code: "score_shift", advises_retrain: true, evidence: "scores moved" }],
    } as unknown as DriftResult;
    const { actions } = ranked({ reconcile, drift });
    expect(actions.map(({ action, usd_per_month: usd, standing }) => [action, usd, standing])).toEqual([
      ["retrain", null, "unknown"],
      ["unlogged_bill", null, "unknown"],
    ]);
    expect(actions[1]!.detail).toContain("openai billed $12.50");
  });
});

test("every action has a step to begin with and one that shows whether it worked", () => {
  for (const plan of Object.values(actionPlans)) {
    for (const step of [plan.firstStep, plan.check]) {
      expect(step.code.length).toBeGreaterThan(10);
      expect(step.text).toMatch(/[.:]$/);
      if (step.language === "json") expect(() => JSON.parse(step.code)).not.toThrow();
    }
  }
});

function simulated(): SimulateResult {
  return {
    traffic: {
      strategies: [
        { strategy: "billed", usd: estimate(100), saving: null },
        { strategy: "router", usd: estimate(80), saving: estimate(0.2, 0.1, 0.3) },
      ],
    },
    is_simulated: false,
  } as unknown as SimulateResult;
}

function cacheReplay(strictest: number): CacheReplayResult {
  return {
    source: { days },
    curve: [
      { min_cosine: null, net_usd: estimate(1) },
      { min_cosine: 0.99, net_usd: estimate(strictest, strictest - 1, strictest + 1) },
      { min_cosine: 0.9, net_usd: estimate(500) },
    ],
  } as unknown as CacheReplayResult;
}
