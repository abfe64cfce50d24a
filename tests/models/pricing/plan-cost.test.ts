import fc from "fast-check";
import { expect, test } from "vitest";
import { allocateCost } from "../../../models/pricing/allocate-cost.js";
import { costCurve } from "../../../models/pricing/cost-curve.js";
import type { PricingPlan } from "../../../models/pricing/plan.js";
import { planCost } from "../../../models/pricing/plan-cost.js";
import { mapVolume, scaleVolume, volumeOf } from "../../../models/pricing/volume.js";
import { callsOf, planOf, ratesOf } from "./plans.js";
import "../../support/fixed-seed.js";

const machine = {
  usd_per_hour: 2,
  tokens_per_second: 1000,
  utilisation: 0.5,
  hours_per_month: 100,
  replicas: 1,
  max_replicas: null,
};

/** Each with what 10,000 calls of 400 + 100 tokens cost under it, by hand. */
const cases: Array<[string, Partial<PricingPlan>, number]> = [
  ["tokens at rates: 4M x $2.50 + 1M x $10", { tokens: ratesOf(2.5, 10) }, 20],
  ["tokens at list price", { tokens: "list" }, 20],
  ["a mark-up of 5 % on list", { tokens: "list", markup_percent: 5 }, 21],
  ["a fee for buying credits of 5.5 %", { tokens: "list", credit_fee_percent: 5.5 }, 21.1],
  ["a fee of $0.05 a call", { call: { usd: 0.05, counts: "attempts" } }, 500],
  ["a gateway's fee on top of list", { tokens: "list", call: { usd: 0.01, counts: "attempts" } }, 120],
  [
    "half price for 30 % of the traffic",
    { tokens: "list", batch: { discount_percent: 50, eligible_percent: 30 } },
    17,
  ],
  [
    "a subscription that isn't used up",
    {
      subscription: {
        usd_per_month: 100,
        per: "account",
        included: { unit: "calls", amount: 20_000, period: "month" },
        overage_usd: 1,
      },
    },
    100,
  ],
  [
    "a subscription with 2,000 calls above it at $0.02",
    {
      subscription: {
        usd_per_month: 100,
        per: "account",
        included: { unit: "calls", amount: 8000, period: "month" },
        overage_usd: 0.02,
      },
    },
    140,
  ],
  [
    "a subscription with 1M tokens above it at $3 a million",
    {
      subscription: {
        usd_per_month: 100,
        per: "account",
        included: { unit: "tokens", amount: 4_000_000, period: "month" },
        overage_usd: 3,
      },
    },
    103,
  ],
  [
    "a commitment that isn't used up: $20 at 25 % off is $15 of $40",
    {
      tokens: "list",
      commitment: { usd_per_month: 40, discount_percent: 25, overage_discount_percent: 0 },
    },
    40,
  ],
  [
    "a commitment of $6 at 25 % off, which pays for $8, and $12 at list",
    { tokens: "list", commitment: { usd_per_month: 6, discount_percent: 25, overage_discount_percent: 0 } },
    18,
  ],
  [
    "the same with 10 % off beyond it",
    { tokens: "list", commitment: { usd_per_month: 6, discount_percent: 25, overage_discount_percent: 10 } },
    16.8,
  ],
  ["a machine for 100 hours at $2, which could serve 180M tokens", { gpu: machine }, 200],
  ["machines of 1.8M tokens a month: three of them", { gpu: { ...machine, tokens_per_second: 10 } }, 600],
];

test.each(cases)("%s", (_, parts, usd) => {
  expect(planCost(planOf(parts), callsOf(10_000)).usd).toBeCloseTo(usd, 9);
});

test("cached input and cache writes have rates of their own", () => {
  const tokens = {
    input_usd_per_mtok: 3,
    cached_input_usd_per_mtok: 0.3,
    cache_write_usd_per_mtok: 3.75,
    output_usd_per_mtok: 15,
  };
  const volume = volumeOf({
    calls: 1,
    input_tokens: 1e6,
    cached_input_tokens: 1e6,
    cache_write_tokens: 1e6,
    output_tokens: 1e6,
  });
  expect(planCost(planOf({ tokens }), volume).usd).toBeCloseTo(22.05, 12);
});

test("a batch discount holds for the batchable part where no share is given", () => {
  const volume = callsOf(10_000, { batchable_list_usd: 5, batchable_input_tokens: 4_000_000 });
  const batch = { discount_percent: 50, eligible_percent: null };
  expect(planCost(planOf({ tokens: "list", batch }), volume).usd).toBeCloseTo(17.5, 12);
  expect(planCost(planOf({ tokens: ratesOf(2.5, 10), batch }), volume).usd).toBeCloseTo(15, 12);
});

test("a fee for answers leaves failed attempts out", () => {
  const volume = callsOf(100, { failed_calls: 10 });
  expect(planCost(planOf({ call: { usd: 0.05, counts: "answers" } }), volume).usd).toBeCloseTo(4.5, 12);
  expect(planCost(planOf({ call: { usd: 0.05, counts: "attempts" } }), volume).usd).toBeCloseTo(5, 12);
});

test("a cap without overage serves nothing above it and says how much", () => {
  const subscription = {
    usd_per_month: 100,
    per: "user" as const,
    included: { unit: "calls" as const, amount: 100, period: "day" as const },
    overage_usd: null,
  };
  const cost = planCost(planOf({ subscription }), callsOf(10_000), { users: 2, monthDays: 30 });
  expect(cost).toMatchObject({ usd: 200, unserved_calls: 4000 });
});

test("machines up to a limit leave the rest unserved", () => {
  const gpu = { ...machine, tokens_per_second: 10, max_replicas: 2 };
  const cost = planCost(planOf({ gpu }), callsOf(10_000));
  expect(cost.usd).toBe(400);
  expect(cost.unserved_calls).toBeCloseTo((1.4 / 5) * 10_000, 6);
});

test("an unknown list price is no price", () => {
  expect(planCost(planOf({ tokens: "list" }), callsOf(1, { list_usd: Number.NaN })).usd).toBeNaN();
});

test("10M calls of 800 tokens are $56,000 at $7 a million, and $27,600 routed with a verification pass", () => {
  const at = (usd: number) => planOf({ tokens: ratesOf(usd, usd) });
  const calls = (n: number) => volumeOf({ calls: n, input_tokens: 800 * n });
  expect(planCost(at(7), calls(10e6)).usd).toBe(56_000);
  const [small, flagship, verified] = [
    planCost(at(0.5), calls(6e6)).usd,
    planCost(at(7), calls(3e6)).usd,
    planCost(at(7), calls(1e6)).usd * 1.5,
  ];
  expect([small, flagship, verified]).toEqual([2400, 16_800, 8400]);
  expect(
    planCost(planOf({ tokens: ratesOf(7, 7), markup_percent: 10 }), calls(20_000 / 0.0056)).usd,
  ).toBeCloseTo(22_000, 6);
});

const anyPlan = fc.constantFrom(...cases.map(([, parts]) => planOf({ ...parts, credit_fee_percent: 3 })));
const calls = fc.integer({ min: 0, max: 3_000_000 });

test("more traffic never costs less", () => {
  fc.assert(
    fc.property(anyPlan, calls, calls, (plan, a, b) => {
      const [few, many] = [Math.min(a, b), Math.max(a, b)];
      const costOf = (n: number) => planCost(plan, callsOf(n)).usd;
      expect(costOf(many)).toBeGreaterThanOrEqual(costOf(few) * (1 - 1e-12));
    }),
  );
});

test("the parts of a cost sum to it", () => {
  fc.assert(
    fc.property(anyPlan, calls, (plan, n) => {
      const { usd, unserved_calls: _, ...parts } = planCost(plan, callsOf(n));
      expect(Object.values(parts).reduce((sum, part) => sum + part)).toBeCloseTo(usd, 6);
    }),
  );
});

test("the exact curve of a plan says what its cost is at every volume", () => {
  fc.assert(
    fc.property(anyPlan, calls, (plan, n) => {
      const pieces = costCurve(plan, callsOf(1));
      const piece = pieces.find(({ to }, i) => to === null || to.compare(n) >= 0 || i === pieces.length - 1)!;
      fc.pre(piece.to === null || piece.to.compare(n) >= 0);
      const usd = piece.base.plus(piece.perCall.times(n)).toNumber();
      expect(usd).toBeCloseTo(planCost(plan, callsOf(n)).usd, 6);
    }),
  );
});

test("payers' parts sum to what everybody costs", () => {
  fc.assert(
    fc.property(anyPlan, fc.array(calls, { minLength: 1, maxLength: 8 }), (plan, each) => {
      const payers = each.map((n, i) => callsOf(n, { output_tokens: 10 * i * n, failed_calls: n / 2 }));
      const volume = mapVolume((field) => payers.reduce((sum, payer) => sum + payer[field], 0));
      fc.pre(volume.calls > 0);
      const cost = planCost(plan, volume);
      const parts = payers.map((own) =>
        allocateCost(plan, { cost, volume }, { volume: own, seats: 1, excess: 0 }),
      );
      expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(cost.usd, 6);
    }),
  );
});

test("seats and overage by user are the user's own", () => {
  const plan = planOf({
    subscription: {
      usd_per_month: 20,
      per: "user",
      included: { unit: "calls", amount: 100, period: "month" },
      overage_usd: 0.1,
    },
  });
  const volume = callsOf(400);
  const cost = planCost(plan, volume, { users: 2, excess: 250 });
  const parts = [
    { volume: callsOf(50), excess: 0 },
    { volume: callsOf(350), excess: 250 },
  ].map((own) => allocateCost(plan, { cost, volume }, { ...own, seats: 1 }));
  expect(parts).toEqual([20, 45]);
  expect(cost.usd).toBe(65);
});

test("a volume that is scaled costs as much as calls of that number", () => {
  expect(planCost(planOf({ tokens: "list" }), scaleVolume(callsOf(1), 50)).usd).toBeCloseTo(0.1, 12);
});
