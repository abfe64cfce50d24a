import fc from "fast-check";
import { expect, test } from "vitest";
import { costCurve } from "../../../models/pricing/cost-curve.js";
import type { PricingPlan } from "../../../models/pricing/plan.js";
import { planCost } from "../../../models/pricing/plan-cost.js";
import { tokenBreakEven } from "../../../models/pricing/token-break-even.js";
import { mapVolume, tokensOf, type Volume } from "../../../models/pricing/volume.js";
import { sayVolumeBreakEven, volumeBreakEven } from "../../../models/pricing/volume-break-even.js";
import { callsOf, planOf, ratesOf } from "./plans.js";
import "../../support/fixed-seed.js";

const perCall = planOf({ call: { usd: 0.05, counts: "attempts" } });
const perToken = planOf({ tokens: ratesOf(2.5, 10) });
const call = callsOf(1);

function inTokens(first: PricingPlan, second: PricingPlan, mix: Volume | null = call) {
  return tokenBreakEven({ plan: first, call: mix }, { plan: second, call: mix });
}

function inCalls(first: PricingPlan, second: PricingPlan) {
  return volumeBreakEven(costCurve(first, call), costCurve(second, call));
}

function callsAt(found: ReturnType<typeof inCalls>): Array<[number, string]> {
  return found.crossings.map(({ calls_per_month: at, cheaper_above: above }) => [at.toNumber(), above]);
}

test("a fee of $0.05 equals 20,000 tokens in at $2.50, 5,000 out at $10, and 12,500 at four to one", () => {
  const found = inTokens(perCall, perToken)!;
  expect(found.input_only!.equals(20_000)).toBe(true);
  expect(found.output_only!.equals(5_000)).toBe(true);
  expect(found.own_mix!.equals(12_500)).toBe(true);
  expect(found.cheaper_above).toBe("first");
  expect(inTokens(perToken, perCall)!.cheaper_above).toBe("second");
});

test("without traffic there is no mix, and list prices need some", () => {
  expect(inTokens(perCall, perToken, null)!.own_mix).toBeNull();
  expect(inTokens(perCall, planOf({ tokens: "list" }), null)).toBeNull();
  const found = inTokens(perCall, planOf({ tokens: "list" }))!;
  expect(found.input_only).toBeNull();
  expect(found.own_mix!.equals(12_500)).toBe(true);
});

test.each<[string, PricingPlan, PricingPlan]>([
  ["the same fee", perCall, perCall],
  [
    "a fee on dearer tokens",
    planOf({ tokens: ratesOf(5, 20), call: { usd: 0.01, counts: "attempts" } }),
    perToken,
  ],
  [
    "a subscription",
    planOf({ subscription: { usd_per_month: 9, per: "account", included: null, overage_usd: null } }),
    perToken,
  ],
])("no size of call makes up for %s", (_, first, second) => {
  expect(inTokens(first, second)).toBeNull();
});

test("volume can't flip a fee per call against a price per token, and the sentence says so", () => {
  const found = inCalls(perCall, perToken);
  expect(found).toMatchObject({ crossings: [], cheaper_at_first: "second", is_proportional: true });
  expect(sayVolumeBreakEven(found, "fee", "tokens")).toBe(
    "tokens is cheaper at any volume: both grow in proportion to the calls, so volume can't flip it",
  );
});

test("a subscription of $100 pays from 50,000 calls at $0.002", () => {
  const flat = planOf({
    subscription: { usd_per_month: 100, per: "account", included: null, overage_usd: null },
  });
  const found = inCalls(perToken, flat);
  expect(callsAt(found)).toEqual([[50_000, "second"]]);
  expect(sayVolumeBreakEven(found, "tokens", "flat")).toBe(
    "tokens is cheaper at first, from 50,000 calls a month on flat",
  );
});

test("overage turns a subscription dear again", () => {
  const capped = planOf({
    subscription: {
      usd_per_month: 100,
      per: "account",
      included: { unit: "calls", amount: 60_000, period: "month" },
      overage_usd: 0.01,
    },
  });
  // 100 + 0.01 (v - 60,000) = 0.002 v
  expect(callsAt(inCalls(perToken, capped))).toEqual([
    [50_000, "second"],
    [62_500, "first"],
  ]);
});

test("a cap without overage ends the comparison", () => {
  const capped = planOf({
    subscription: {
      usd_per_month: 100,
      per: "account",
      included: { unit: "tokens", amount: 500 * 40_000, period: "month" },
      overage_usd: null,
    },
  });
  const found = inCalls(perToken, capped);
  expect(found.crossings).toEqual([]);
  expect(found.limit_calls_per_month!.equals(40_000)).toBe(true);
});

test("a commitment pays from where its money is drawn down at list", () => {
  const committed = planOf({
    tokens: ratesOf(2.5, 10),
    commitment: { usd_per_month: 400, discount_percent: 20, overage_discount_percent: 0 },
  });
  expect(callsAt(inCalls(perToken, committed))).toEqual([[200_000, "second"]]);
});

test("a machine pays from its rent over the price of a call, and each further one is a step", () => {
  // $200 a replica, worth 100,000 calls at $0.002
  const gpu = {
    usd_per_hour: 2,
    tokens_per_second: 1000,
    utilisation: 0.16,
    hours_per_month: 100,
    replicas: 1,
    max_replicas: 3,
  };
  const machine = planOf({ gpu });
  // 57.6M tokens are 115,200 calls
  expect(callsAt(inCalls(perToken, machine))).toEqual([
    [100_000, "second"],
    [115_200, "first"],
    [200_000, "second"],
    [230_400, "first"],
    [300_000, "second"],
  ]);
});

test("equal plans cost the same at any volume", () => {
  expect(inCalls(perToken, planOf({ tokens: "list" })).cheaper_at_first).toBeNull();
});

const money = fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100);
const subscriptions = fc
  .record({
    usd_per_month: money,
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    overage_usd: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 1000),
  })
  .map(({ usd_per_month, amount, overage_usd }) =>
    planOf({
      subscription: {
        usd_per_month,
        per: "account",
        included: { unit: "calls", amount, period: "month" },
        overage_usd,
      },
    }),
  );
const tokens = fc.tuple(money, money).map(([input, output]) => planOf({ tokens: ratesOf(input, output) }));

test("at a crossing in calls both plans cost the same, and which is cheaper changes there", () => {
  fc.assert(
    fc.property(subscriptions, fc.oneof(tokens, subscriptions), (first, second) => {
      const costAt = (plan: PricingPlan, n: number) => planCost(plan, callsOf(n)).usd;
      for (const { calls_per_month: at, cheaper_above: above } of inCalls(first, second).crossings) {
        const n = at.toNumber();
        expect(costAt(first, n)).toBeCloseTo(costAt(second, n), 4);
        const gap = (m: number) => costAt(first, m) - costAt(second, m);
        const sign = above === "first" ? -1 : 1;
        expect(sign * gap(n + 0.01)).toBeGreaterThanOrEqual(-1e-6);
        expect(sign * gap(Math.max(0, n - 0.01))).toBeLessThanOrEqual(1e-6);
      }
    }),
  );
});

test("at a crossing in tokens a call costs the same under both plans", () => {
  fc.assert(
    fc.property(money, money, money, fc.integer({ min: 1, max: 50_000 }), (fee, input, output, size) => {
      const first = planOf({ call: { usd: fee, counts: "attempts" }, credit_fee_percent: 5 });
      const second = planOf({ tokens: ratesOf(input, output), markup_percent: 10 });
      const mix = callsOf(1, { input_tokens: size, output_tokens: 7 });
      const own = inTokens(first, second, mix)!.own_mix!;
      const scale = own.toNumber() / tokensOf(mix);
      const large = mapVolume((field) => (field.endsWith("tokens") ? mix[field] * scale : mix[field]));
      expect(planCost(first, large).usd).toBeCloseTo(planCost(second, large).usd, 6);
    }),
  );
});
