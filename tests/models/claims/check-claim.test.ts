import fc from "fast-check";
import { expect, test } from "vitest";
import { CheckedFields } from "../../../datasets/checked-fields.js";
import { InputError } from "../../../datasets/errors.js";
import { checkClaim } from "../../../models/claims/check-claim.js";
import { claimKinds } from "../../../models/claims/claim-kinds.js";
import "../../support/fixed-seed.js";

function check(kind: string, claim: { inputs: unknown; stated: unknown; tolerance?: unknown }) {
  return checkClaim(claimKinds.get(kind)!, new CheckedFields(claim, "claim"));
}

/** Kind, inputs, and figures that follow from them: by hand. */
const right: Array<[string, object, object]> = [
  ["percent_of", { percent: 5, bases: { bill: 27600 } }, { value_usd: 1380 }],
  ["saving", { before_usd: 500, after_usd: 25 }, { saved_usd: 475, saved_percent: 95, times: 20 }],
  ["percent_change", { before_percent: 92, after_percent: 91.7 }, { points: -0.3, relative_percent: -0.33 }],
  ["cagr", { from_value: 1, to_value: 2, from_year: 2020, to_year: 2021 }, { percent: 100, times: 2 }],
  ["cagr", { from_value: 2.5, to_value: 15, from_year: 2024, to_year: 2028 }, { percent: 56.5, times: 6 }],
  ["token_bill", { calls: 1e7, tokens_per_call: 800, usd_per_mtok: 7 }, { usd: 56000, usd_per_call: 0.0056 }],
  [
    "call_price",
    { input_tokens: 400, output_tokens: 100, input_usd_per_mtok: 2.5, output_usd_per_mtok: 10 },
    { usd_per_call: 0.002 },
  ],
  [
    "call_price",
    { total_tokens: 500, input_usd_per_mtok: 2.5, output_usd_per_mtok: 10 },
    { usd_per_call: 0.0031 },
  ],
  [
    "blended_cost",
    {
      parts: [
        { percent: 50, usd_per_mtok: 1 },
        { percent: 50, usd_per_mtok: 3 },
      ],
      baseline_usd_per_mtok: 4,
    },
    { usd_per_mtok: 2, saved_percent: 50, price_ratio: 3 },
  ],
  [
    "hit_saving",
    { before_usd: 100, after_usd: 30, hit_percent: 40 },
    { saved_percent: 70, miss_saved_percent: 50 },
  ],
  ["markup_year", { monthly_usd: 20000, markup_percent: 10 }, { month_usd: 2000, year_usd: 24000 }],
  [
    "per_call_fee",
    { calls_per_day: 10000, usd_per_call: 0.01, before_usd_per_day: 500 },
    { usd_per_day: 100, saved_percent: 80 },
  ],
  ["subscription_per_call", { usd_per_month: 100, calls: 100, per: "month" }, { usd_per_call: 1 }],
  ["subscription_per_call", { usd_per_month: 100, calls: 100, per: "day" }, { usd_per_call: 0.033 }],
  [
    "break_even_volume",
    {
      usd_per_call: 0.01,
      input_usd_per_mtok: 2.5,
      output_usd_per_mtok: 10,
      fixed_usd_per_month: 300,
      token_usd_per_call: 0.02,
    },
    { calls_per_day: 1000, output_tokens_per_call: 1000, input_tokens_per_call: 4000 },
  ],
  ["share_contradiction", { split: [{ name: "a", percent: 15, counted: true }] }, { below_percent: 20 }],
  ["share_meaning", { percent: 78, uses: [{ of: "calls", means: "overkill" }] }, { percent: 78 }],
  ["complement", { other_percent: 22 }, { percent: 78 }],
  ["same_value", { values: { text: 2.5, table: 2.5 } }, { value: 2.5, times: 1 }],
  ["stated_range", { rows: { rules: 76, ml: 83, ensemble: 88 } }, { low: 76, high: 88 }],
];

test.each(right)("%s of %j holds for %j", (kind, inputs, stated) => {
  expect(check(kind, { inputs, stated })).toMatchObject({ verdict: "holds", findings: [] });
});

test("every kind has a case that holds, or is tested on the worked examples", () => {
  const tested = new Set([...right.map(([kind]) => kind), "routed_mix", "token_break_even"]);
  expect([...claimKinds.keys()].filter((kind) => !tested.has(kind))).toEqual([]);
});

/** Kind, inputs, a wrong figure, and what must be said about it. */
const wrong: Array<[string, object, object, RegExp]> = [
  [
    "percent_of",
    { percent: 10, bases: { "the routed bill": 27600, "the old bill": 56000 } },
    { value_usd: 3840 },
    /\$3,840 is 10 % of \$38,400, which is neither the routed bill \(\$27,600\) nor the old bill \(\$56,000\)/,
  ],
  [
    "stated_range",
    { rows: { input: 8.5, output: 19 } },
    { low: 5, high: 8 },
    /stated 5, but 8\.5 \(input\)\nstated 8, but 19 \(output\)/,
  ],
  [
    "saving",
    { before_usd: 50000, after_usd: 12000 },
    { saved_percent: 24 },
    /24 % follows from another reading: what remains of the bill before/,
  ],
  [
    "percent_change",
    { before_percent: 50, after_percent: 45 },
    { relative_percent: -5 },
    /follows from another reading: the difference in percentage points/,
  ],
  [
    "call_price",
    { total_tokens: 500, input_usd_per_mtok: 2.5, output_usd_per_mtok: 10 },
    { usd_per_call: 0.006 },
    /500 tokens cost from \$0.00125 to \$0.005, as they are input or output/,
  ],
  [
    "blended_cost",
    {
      parts: [
        { percent: 70, usd_per_mtok: 1 },
        { percent: 20, usd_per_mtok: 2 },
      ],
    },
    { usd_per_mtok: 1.1 },
    /the shares add up to 90 %, not to 100 %/,
  ],
  [
    "markup_year",
    { monthly_usd: 20000, markup_percent: 10 },
    { year_usd: 2000 },
    /\$2,000 follows from another reading: one month's mark-up, not a year's/,
  ],
  [
    "percent_of",
    { percent: 5, bases: { "the routed bill": 27600, "the old bill": 56000 } },
    { value_usd: 2800 },
    /\$2,800 follows from another reading: 5 % of \$56,000 \(the old bill\)/,
  ],
  ["stated_range", { rows: { a: 76, b: 88 } }, { low: 60, high: 88 }, /stated 60, but 76 \(a\)/],
  [
    "share_contradiction",
    {
      split: [
        { name: "a", percent: 60, counted: true },
        { name: "b", percent: 60 },
      ],
    },
    { percent: 60 },
    /the split adds up to 120 %/,
  ],
  [
    "break_even_volume",
    {
      usd_per_call: 0.05,
      input_usd_per_mtok: 1,
      output_usd_per_mtok: 2,
      fixed_usd_per_month: 9,
      token_usd_per_call: 0.01,
    },
    { calls_per_day: 10 },
    /a fixed part on top never pays/,
  ],
];

test.each(wrong)("%s of %j fails for %j", (kind, inputs, stated, finding) => {
  const { verdict, findings } = check(kind, { inputs, stated });
  expect(verdict).toBe("fails");
  expect(findings.join("\n")).toMatch(finding);
});

test.each([
  [50.7, "holds"],
  [50.71, "holds"],
  [51, "holds"],
  [50.8, "fails"],
  [50.72, "fails"],
  [50, "fails"],
])(
  "28,400 of 56,000 stated as %d %% %s: half a unit of the last digit counts as equal",
  (percent, verdict) => {
    const claim = { inputs: { before_usd: 56000, after_usd: 27600 }, stated: { saved_percent: percent } };
    expect(check("saving", claim).verdict).toBe(verdict);
  },
);

test("a tolerance of 0 asks for the exact figure, and one by name leaves the others alone", () => {
  const inputs = { before_usd: 56000, after_usd: 27600 };
  const stated = { saved_percent: 50.7, saved_usd: 28400 };
  expect(check("saving", { inputs, stated, tolerance: 0 }).verdict).toBe("fails");
  expect(check("saving", { inputs, stated, tolerance: { saved_usd: 0 } }).verdict).toBe("holds");
});

test.each<[string, object, RegExp]>([
  ["no inputs", { stated: { saved_percent: 5 } }, /claim\.inputs is missing/],
  [
    "no figure",
    { inputs: { before_usd: 2, after_usd: 1 }, stated: {} },
    /claim\.stated is \{\}; give at least one/,
  ],
  [
    "a figure of another kind",
    { inputs: { before_usd: 2, after_usd: 1 }, stated: { usd: 5 } },
    /claim\.stated\.usd is not what this kind computes; it computes: saved_usd, saved_percent, times/,
  ],
  [
    "a misspelt input",
    { inputs: { before_usd: 2, after_usd: 1, befor: 3 }, stated: { times: 2 } },
    /claim\.inputs has "befor", which means nothing here; known are: before_usd, after_usd/,
  ],
  [
    "a word for a number",
    { inputs: { before_usd: "2", after_usd: 1 }, stated: { times: 2 } },
    /claim\.inputs\.before_usd is "2"; give a number/,
  ],
  [
    "nothing to take a share of",
    { inputs: { before_usd: 0, after_usd: 1 }, stated: { times: 2 } },
    /claim\.inputs\.before_usd is 0; give a number above 0/,
  ],
  [
    "a negative tolerance",
    { inputs: { before_usd: 2, after_usd: 1 }, stated: { times: 2 }, tolerance: -1 },
    /claim\.tolerance is -1; give a number from 0/,
  ],
  [
    "a prototype's name",
    { inputs: { before_usd: 2, after_usd: 1 }, stated: { constructor: 1 } },
    /claim\.stated\.constructor is not what this kind computes/,
  ],
])("a claim with %s is refused", (_, claim, message) => {
  expect(() => check("saving", claim as never)).toThrow(message);
});

test("whatever the inputs are, a claim is checked or refused in words", () => {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(0, 1, 100, 1e308, 5e-324),
    fc.string(),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  );
  fc.assert(
    fc.property(fc.constantFrom(...right), value, fc.nat(), ([kind, inputs, stated], thing, place) => {
      const names = Object.keys(inputs);
      const claim = { inputs: { ...inputs, [names[place % names.length]!]: thing }, stated };
      try {
        expect(["holds", "fails"]).toContain(check(kind, claim).verdict);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 500 },
  );
});
