import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PricedPlan, PricingResult } from "../../../datasets/pricing-result.js";
import { openOrCreateWorkspace, readResult, type Workspace } from "../../../datasets/workspace.js";
import { ingest } from "../../../pipelines/ingest/ingest.js";
import { comparePlans } from "../../../pipelines/pricing/compare-plans.js";
import { writeLines } from "../../support/write-lines.js";

const folder = mkdtempSync(join(tmpdir(), "pricing-"));
const light = "light";
const heavy = "heavy";
let workspace: Workspace;
let result: PricingResult;

/** LiteLLM's rows of gpt-4o: list price is $2.50 in and $10 out per million. */
function row(id: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    request_id: id,
    call_type: "acompletion",
    model: "gpt-4o",
    custom_llm_provider: "openai",
    prompt_tokens: 4000,
    completion_tokens: 1000,
    total_tokens: 5000,
    spend: 0.02,
    status: "success",
    end_user: light,
    startTime: "2026-03-02T10:00:00Z",
    endTime: "2026-03-02T10:00:01Z",
    ...fields,
  };
}

const plans = [
  { name: "list", tokens: "list" },
  { name: "5 % on list", tokens: "list", markup_percent: 5 },
  { name: "one model", tokens: { model: "gpt-4o", provider: "openai" } },
  { name: "fee", call: { usd: 0.05, counts: "answers" } },
  {
    name: "seat",
    subscription: {
      usd_per_month: 3,
      per: "user",
      included: { calls: 5, period: "day" },
      overage: { usd_per_call: 0.1 },
    },
  },
  {
    name: "seat by month",
    subscription: {
      usd_per_month: 3,
      per: "user",
      included: { calls: 15, period: "month" },
      overage: { usd_per_call: 0.1 },
    },
  },
  { name: "commitment", tokens: "list", commitment: { usd_per_month: 100, discount_percent: 20 } },
];

beforeAll(async () => {
  // 10 days, so that a month of 30 is three times the log. The heavy user sends 9 calls a day on two days, the light one 2 in all.
  const rows = [
    row("l1"),
    row("l2", { startTime: "2026-03-11T10:00:00Z", endTime: "2026-03-11T10:00:01Z" }),
    ...["2026-03-02", "2026-03-05"].flatMap((day) =>
      Array.from({ length: 9 }, (_, i) =>
        row(`h-${day}-${i}`, {
          end_user: heavy,
          startTime: `${day}T1${i}:00:00Z`,
          endTime: `${day}T1${i}:00:02Z`,
        }),
      ),
    ),
    row("failed", {
      end_user: heavy,
      status: "failure",
      spend: 0,
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
    }),
    row("mystery", { model: "mystery-1", custom_llm_provider: "", spend: null, end_user: heavy }),
  ];
  workspace = openOrCreateWorkspace(join(folder, "ws"));
  await ingest(workspace, [writeLines(join(folder, "litellm.jsonl"), rows)], {});
  result = await comparePlans(workspace, planFile({ plans }), { monthDays: 30 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function planFile(document: unknown): string {
  const path = join(folder, "plans.json");
  writeFileSync(path, typeof document === "string" ? document : JSON.stringify(document));
  return path;
}

function priced(name: string): PricedPlan {
  return result.priced.find(({ plan }) => plan === name)!;
}

test("a month is the log's days times 30 over 10, and says so", () => {
  expect(result.window).toEqual({
    from: "2026-03-02",
    to: "2026-03-11",
    days: 10,
    month_days: 30,
    factor: 3,
  });
  expect(result.traffic).toMatchObject({
    requests: 21,
    calls_per_month: 63,
    successes_per_month: 60,
    payers: 2,
  });
  expect(result.now.usd_per_month.value).toBeCloseTo(60 * 0.02, 10);
  expect(result.now.usd_per_month.method).toMatch(
    /log's 10 days x 3\.000; 95 % interval, jackknife over payers/,
  );
});

test.each([
  ["list", 1.2],
  ["5 % on list", 1.26],
  ["one model", 1.2],
  ["fee", 3],
  // 5 attempts (the failed one too) and 4 above the quota on two days, three times a month
  ["seat", 2 * 3 + 27 * 0.1],
  // the heavy user's month is 19 x 3 = 57 attempts, 42 above 15; the light one's 6
  ["seat by month", 2 * 3 + 42 * 0.1],
  ["commitment", 100],
])("%s costs $%d a month", (name, usd) => {
  expect(priced(name).usd_per_month.value).toBeCloseTo(usd, 9);
});

test("cost is also by call, by million tokens and by success; the parts sum to it", () => {
  const { usd_per_call, usd_per_mtok, usd_per_success, change, parts } = priced("5 % on list");
  expect(usd_per_call!.value).toBeCloseTo(1.26 / 63, 12);
  expect(usd_per_mtok!.value).toBeCloseTo(1.26 / 0.3, 9);
  expect(usd_per_success!.value).toBeCloseTo(0.021, 12);
  expect(change!.value).toBeCloseTo(0.05, 12);
  for (const plan of result.priced) {
    const sum = plan.parts.reduce((total, { usd }) => total + usd, 0);
    expect(sum).toBeCloseTo(plan.usd_per_month.value, 9);
  }
  expect(parts).toHaveLength(1);
});

test("an attempt without a price is unknown, counted, and in no figure; a free failure is known", () => {
  expect(result.coverage).toEqual([
    { evidence: "measured", requests: 20, usd: expect.closeTo(0.4, 9), note: "cost and tokens are logged" },
    expect.objectContaining({ evidence: "measured", requests: 1, usd: 0 }),
    { evidence: "unknown", requests: 1, usd: 0, note: "no known price: in no figure" },
  ]);
  expect(result.measured_share).toBeCloseTo(21 / 22, 12);
});

test("a seat makes the light user pay more, a commitment is shared by use", () => {
  const seat = priced("seat").incidence!;
  expect(seat.deciles.map(({ now_usd, plan_usd }) => [now_usd, plan_usd])).toEqual([
    [expect.closeTo(0.12, 9), expect.closeTo(3, 9)],
    [expect.closeTo(1.08, 9), expect.closeTo(5.7, 9)],
  ]);
  const shared = priced("commitment").incidence!;
  expect(shared.deciles.map(({ plan_usd }) => plan_usd)).toEqual([
    expect.closeTo(10, 9),
    expect.closeTo(90, 9),
  ]);
});

test("break-evens are those of this traffic, against what is billed and between plans", () => {
  const between = (first: string, second: string) =>
    result.break_evens.find((pair) => pair.first === first && pair.second === second)!;
  expect(between("as billed", "fee").volume!.is_proportional).toBe(true);
  const tokens = between("one model", "fee").tokens_per_call!;
  expect(tokens.input_only).toBeCloseTo((0.05 * (60 / 63) * 1e6) / 2.5, 6);
  expect(tokens.cheaper_above).toBe("fee");
  const [crossing] = between("list", "commitment").volume!.crossings;
  // at list a call costs 1.2 / 63
  expect(crossing!.calls_per_month).toBeCloseTo((100 * 63) / 1.2 / 0.8 / 1.25, 6);
});

test("the document is kept in the workspace", () => {
  expect(readResult<PricingResult>(workspace, "pricing")!.priced).toHaveLength(plans.length);
});

test("plans by call alone need no token counts", async () => {
  const rows = [1, 2, 3].map((i) =>
    row(`n${i}`, { prompt_tokens: null, completion_tokens: null, total_tokens: null, spend: 0.5 }),
  );
  const bare = openOrCreateWorkspace(join(folder, "bare"));
  await ingest(bare, [writeLines(join(folder, "bare.jsonl"), rows)], {});
  const fee = { name: "fee", call: { usd: 1 } };
  const found = await comparePlans(bare, planFile({ plans: [fee] }), { monthDays: 1 });
  expect(found.priced[0]!.usd_per_month.value).toBe(3);
  expect(found.now.usd_per_month.value).toBe(1.5);
  expect(found.priced[0]!.usd_per_mtok).toBeNull();
  await expect(
    comparePlans(bare, planFile({ plans: [fee, { name: "list", tokens: "list" }] })),
  ).rejects.toThrow(/none of the log's requests .*no token counts/);
});

test("a plan by user needs users", async () => {
  const users = plans.filter(({ name }) => name === "seat");
  await expect(comparePlans(workspace, planFile({ plans: users }), { payer: "tenant" })).rejects.toThrow(
    /plan "seat" is by user and no request names its tenant; name another field with --payer/,
  );
});

test.each<[string, unknown, RegExp]>([
  ["text", "{", /plans\.json: not readable as JSON/],
  ["a list", [], /plans\.json is \[\]; give an object/],
  ["no plans", {}, /plans\.json\.plans is missing; give a list of at least 1 objects/],
  ["another currency", { currency: "EUR", plans }, /currency is "EUR"; give one of USD/],
  ["a plan without a name", { plans: [{ tokens: "list" }] }, /plans\[0\]\.name is missing/],
  ["a name twice", { plans: [plans[0], plans[0]] }, /the name "list" is taken/],
  ["the log's own name", { plans: [{ name: "as billed", tokens: "list" }] }, /the name "as billed" is taken/],
  ["a plan of nothing", { plans: [{ name: "x" }] }, /plans\[0\] \(x\) charges nothing/],
  [
    "a misspelt part",
    { plans: [{ name: "x", token: "list" }] },
    /plans\[0\] has "token", which means nothing/,
  ],
  [
    "a word for rates",
    { plans: [{ name: "x", tokens: "cheap" }] },
    /plans\[0\]\.tokens is "cheap"; give "list"/,
  ],
  [
    "a model without a price",
    { plans: [{ name: "x", tokens: { model: "mystery-1" } }] },
    /no list has a price per token of mystery-1/,
  ],
  [
    "half of the rates",
    { plans: [{ name: "x", tokens: { input_usd_per_mtok: 1 } }] },
    /tokens\.output_usd_per_mtok is missing; give a number/,
  ],
  [
    "a negative price",
    { plans: [{ name: "x", call: { usd: -1 } }] },
    /plans\[0\]\.call\.usd is -1; give a number from 0/,
  ],
  [
    "a mark-up on nothing",
    { plans: [{ name: "x", call: { usd: 1 }, markup_percent: 5 }] },
    /has markup_percent, batch or commitment but no tokens/,
  ],
  [
    "a quota beside token prices",
    {
      plans: [
        {
          name: "x",
          tokens: "list",
          subscription: { usd_per_month: 1, included: { calls: 1 }, overage: { usd_per_call: 1 } },
        },
      ],
    },
    /has both an included amount and a price for every token or call/,
  ],
  [
    "overage without a quota",
    { plans: [{ name: "x", subscription: { usd_per_month: 1, overage: { usd_per_call: 1 } } }] },
    /has overage but nothing included/,
  ],
  [
    "overage in another unit",
    {
      plans: [
        {
          name: "x",
          subscription: { usd_per_month: 1, included: { tokens: 5 }, overage: { usd_per_call: 1 } },
        },
      ],
    },
    /overage\.usd_per_mtok is missing/,
  ],
  [
    "a day's quota for the account",
    { plans: [{ name: "x", subscription: { usd_per_month: 1, included: { calls: 5, period: "day" } } }] },
    /a quota by day for the account/,
  ],
  [
    "a discount of everything on a commitment",
    { plans: [{ name: "x", tokens: "list", commitment: { usd_per_month: 1, discount_percent: 100 } }] },
    /discount_percent is 100; give a number from 0 and below 100/,
  ],
  [
    "a machine that is over its full load",
    { plans: [{ name: "x", gpu: { usd_per_hour: 1, tokens_per_second: 1, utilisation: 1.5 } }] },
    /gpu\.utilisation is 1\.5/,
  ],
  [
    "fewer machines at most than at least",
    {
      plans: [
        {
          name: "x",
          gpu: { usd_per_hour: 1, tokens_per_second: 1, utilisation: 1, replicas: 3, max_replicas: 2 },
        },
      ],
    },
    /max_replicas below replicas/,
  ],
])("a plan file with %s is refused", async (_, document, message) => {
  await expect(comparePlans(workspace, planFile(document))).rejects.toThrow(message);
});
