import { describe, expect, test } from "vitest";
import type { MarkupGroup, MarkupResult } from "../../../datasets/markup-result.js";
import { gatewayCharge } from "../../../models/markup/gateway-charge.js";
import { gatewayTerms } from "../../../pipelines/markup/gateway-terms.js";

type Ends = readonly [low: number, value: number, high: number];

const noFee: Ends = [-1e-6, 0, 1e-6];
const estimate = ([low, value, high]: Ends) => ({ value, low, high, method: "", n: 99 });

function group(model: string, markup: Ends | null, fee = noFee, fields: Partial<MarkupGroup> = {}) {
  return {
    gateway: "toll",
    provider: "openai",
    model,
    markup: markup && estimate(markup),
    fee_usd: markup && estimate(fee),
    uplift: null,
    by_kind: null,
    ...fields,
  } as MarkupGroup;
}

const pool = [
  { canonical: "small", provider: "openai" },
  { canonical: "large", provider: "openai" },
];

function termsOf(...groups: MarkupGroup[]) {
  return gatewayTerms({ groups } as unknown as MarkupResult, pool);
}

/** What calls to the large model would pay on the small one. */
function onSmall(...groups: MarkupGroup[]) {
  return termsOf(...groups).find(({ model }) => model === "large")!.on[0];
}

test("a gateway charges its share of the list price and its fee", () => {
  expect(gatewayCharge(0.01, { markup: 0.055, fee_usd: 0.0005 })).toBeCloseTo(0.01105, 15);
  expect(gatewayCharge(0, { markup: 0.055, fee_usd: 0.0005 })).toBe(0.0005);
});

describe("a group alone", () => {
  test.each<[string, Ends | null, Ends, ReturnType<typeof onSmall>]>([
    ["share and fee shown", [0.05, 0.055, 0.06], [4e-4, 5e-4, 6e-4], { markup: 0.055, fee_usd: 5e-4 }],
    ["own keys: no share, a fee", [-0.001, 0, 0.001], [4e-4, 5e-4, 6e-4], { markup: 0, fee_usd: 5e-4 }],
    ["a share that may be none, a fee", [-0.1, 0.02, 0.14], [4e-4, 5e-4, 6e-4], { markup: 0, fee_usd: 5e-4 }],
    ["shown to be none", [-0.001, 0, 0.001], noFee, { markup: 0, fee_usd: 0 }],
    ["a share that may be none", [-0.02, 0.03, 0.08], noFee, null],
    ["share and fee can't be told apart", null, noFee, null],
    [
      "a discount, which nobody has seen on the other model",
      [-0.21, -0.2, -0.19],
      noFee,
      { markup: 0, fee_usd: 0 },
    ],
    [
      "a fee below zero, which rounding makes",
      [0.05, 0.055, 0.06],
      [-3e-6, -2e-6, -1e-6],
      { markup: 0.055, fee_usd: 0 },
    ],
  ])("%s", (_, markup, fee, expected) => {
    expect(onSmall(group("large", markup, fee))).toEqual(expected);
  });

  test.each<[string, Ends, ReturnType<typeof onSmall>]>([
    ["costs are list prices", [-0.002, 0, 0.002], { markup: 0, fee_usd: 0 }],
    ["costs are above list", [0.05, 0.06, 0.07], null],
    ["costs may be above list", [-0.02, 0.01, 0.04], null],
  ])("share and fee can't be told apart, and %s", (_, uplift, expected) => {
    expect(onSmall(group("large", null, noFee, { uplift: estimate(uplift) }))).toEqual(expected);
  });

  test("input and output at different multiples of list are a price list of that model", () => {
    const kinds = { input: estimate([1, 1, 1]), output: estimate([1.1, 1.1, 1.1]) };
    const found = termsOf(group("large", [0.05, 0.055, 0.06], noFee, { by_kind: kinds }))[0]!;
    expect(found.on[0]).toBeNull();
    expect(found.billed).toEqual({ markup: 0.055, fee_usd: 0 });
  });

  test("ends that a stored result doesn't have are no certainty", () => {
    const stored = { ...estimate([0, 0.05, 0]), low: null, high: null };
    const found = onSmall(group("large", [0, 0, 0], noFee, { markup: stored as never }));
    expect(found).toBeNull();
  });
});

describe("two groups of one gateway", () => {
  test("agree: the narrower one speaks for both", () => {
    const [wide, narrow] = [
      [0.01, 0.05, 0.09],
      [0.054, 0.055, 0.056],
    ] as const;
    expect(onSmall(group("large", wide), group("small", narrow))!.markup).toBe(0.055);
    expect(onSmall(group("large", narrow), group("small", wide))!.markup).toBe(0.055);
  });

  test("disagree: the other model's own holds, be it none or a discount", () => {
    const large = group("large", [0.05, 0.055, 0.06]);
    expect(onSmall(large, group("small", [0.19, 0.2, 0.21]))!.markup).toBe(0.2);
    expect(onSmall(large, group("small", [-0.001, 0, 0.001]))!.markup).toBe(0);
    expect(onSmall(large, group("small", [-0.11, -0.1, -0.09]))!.markup).toBe(-0.1);
  });

  test("only one has enough calls", () => {
    expect(onSmall(group("large", null), group("small", [0.19, 0.2, 0.21]))!.markup).toBe(0.2);
    expect(onSmall(group("large", [0.05, 0.055, 0.06]), group("small", null))!.markup).toBe(0.055);
  });

  test("of another gateway say nothing of this one", () => {
    const elsewhere = group("small", [0.19, 0.2, 0.21], noFee, { gateway: "other" });
    expect(onSmall(group("large", null), elsewhere)).toBeNull();
  });

  test("of two providers the policy's own is taken, else the first", () => {
    const [azure, openai] = ["azure", "openai"].map((provider, i) =>
      group("small", [0.19 + i / 10, 0.2 + i / 10, 0.21 + i / 10], noFee, { provider }),
    );
    expect(onSmall(group("large", null), azure!, openai!)!.markup).toBeCloseTo(0.3, 12);
    const google = { ...openai!, provider: "google" };
    expect(onSmall(group("large", null), azure!, google)!.markup).toBeCloseTo(0.2, 12);
  });
});

test("the bill of a group holds what was shown of the group itself", () => {
  const [large, small] = termsOf(group("large", [0.05, 0.055, 0.06]), group("small", null));
  expect(large!.billed).toEqual({ markup: 0.055, fee_usd: 0 });
  expect(small!.billed).toBeNull();
  expect(small!.on.map((terms) => terms?.markup)).toEqual([undefined, 0.055]);
  expect(gatewayTerms(null, pool)).toEqual([]);
});
