import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBill } from "../../../datasets/invoices/read-bill.js";
import { makePriceBook } from "../../../datasets/prices/make-price-book.js";
import { openPriceBook, type PriceBook } from "../../../datasets/prices/price-book.js";
import type { ReconcileResult, ReconcileVendor } from "../../../datasets/reconcile-result.js";
import { type RequestRow, requestLog } from "../../../datasets/request-log.js";
import { type ReconcileOptions, reconcileTables } from "../../../pipelines/reconcile/reconcile.js";
import { memoryEngine } from "../../support/memory-engine.js";
import { requestRow } from "../../support/request-row.js";

const defaults: ReconcileOptions & { book: PriceBook } = {
  tolerance: 0.02,
  basis: "billed",
  fx: {},
  overlaps: "larger",
  book: openPriceBook(),
};
const at = (text: string) => Date.parse(text) * 1000;

let made = 0;
function request(createdAt: string, fields: Partial<RequestRow>): RequestRow {
  made += 1;
  return requestRow({
    request_id: `r${made}`,
    created_at: at(createdAt),
    provider: "anthropic",
    model: "claude-opus-4-6",
    input_uncached_tokens: 1000,
    input_cache_read_tokens: 0,
    input_total_tokens: 1000,
    output_total_tokens: 100,
    ...fields,
  });
}

/** Whole days from the first of March 2026: something at each end so that no day is partial. */
const bounds = [
  request("2026-03-01T00:00:01Z", { provider: "azure", cost_list_usd: 5 }),
  request("2026-03-10T23:59:59Z", { provider: "azure", cost_list_usd: 5 }),
];

async function compare(
  log: RequestRow[],
  texts: string[],
  options: Partial<typeof defaults> = {},
): Promise<ReconcileResult> {
  const folder = mkdtempSync(join(tmpdir(), "reconcile-"));
  const bills = texts.map((text, i) => {
    const path = join(folder, `bill-${i}`);
    writeFileSync(path, text);
    return path;
  });
  const engine = await memoryEngine(requestLog, log);
  const result = await reconcileTables(engine, await Promise.all(bills.map(readBill)), {
    ...defaults,
    ...options,
  });
  engine.close();
  for (const vendor of result.vendors) expectExact(vendor);
  return result;
}

function expectExact(vendor: ReconcileVendor): void {
  if (vendor.bill_usd === null) return;
  const sum = vendor.parts.reduce((total, { usd }) => total + usd, 0);
  expect(Math.abs(vendor.bill_usd - vendor.log_usd - sum)).toBeLessThan(1e-9);
  for (const cell of vendor.cells) {
    const parts = Object.values(cell.parts).reduce((total, usd) => total + usd, 0);
    expect(Math.abs(cell.bill_usd! - cell.log_usd - parts)).toBeLessThan(1e-9);
  }
}

const parts = (vendor: ReconcileVendor) =>
  Object.fromEntries(vendor.parts.map(({ kind, usd }) => [kind, Number(usd.toFixed(9))]));

const costHeader = "usage_date_utc,model,token_type,cost_usd,cost_type";
const usageHeader =
  "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count";

test("each day and model is matched, missing on one side, or differs, and the parts add up", async () => {
  const { vendors } = await compare(
    [
      ...bounds,
      request("2026-03-02T08:00:00Z", { cost_list_usd: 2.01 }),
      request("2026-03-03T08:00:00Z", { cost_list_usd: 1 }),
      request("2026-03-04T08:00:00Z", { cost_list_usd: 3, model: "claude-sonnet-4-5" }),
    ],
    [
      `${costHeader}
2026-03-02,Claude Opus 4.6,input_no_cache,1.50,token
2026-03-02,Claude Opus 4.6,output,0.50,token
2026-03-03,Claude Opus 4.6,output,4.00,token
2026-03-04,Claude Haiku 4.5,output,0.75,token
2026-03-05,,,0.20,web_search
`,
    ],
  );
  const [vendor] = vendors;
  expect(parts(vendor!)).toEqual({
    within_tolerance: -0.01,
    unsplit: 3,
    missing_in_log: 0.75,
    missing_in_bill: -3,
    other_items: 0.2,
  });
  expect(vendor!.gap_usd).toBeCloseTo(0.94, 12);
  expect(vendor!.coverage).toBeCloseTo(3 / 6.95, 12);
  expect(vendor!.unmatched_models).toEqual({
    bill: [{ model: "claude-haiku-4-5", usd: 0.75 }],
    log: [{ model: "claude-sonnet-4-5", usd: 3 }],
  });
});

test("with token counts on the bill a gap is split into tokens not in the log and another rate", async () => {
  // Opus 4.6 lists $5 and $25 per million: the log holds half of the billed tokens, at 80 % of the billed rate.
  const { vendors } = await compare(
    [
      ...bounds,
      request("2026-03-02T08:00:00Z", {
        input_uncached_tokens: 500_000,
        input_total_tokens: 500_000,
        output_total_tokens: 50_000,
        cost_list_usd: 3,
      }),
    ],
    [
      `${costHeader}\n2026-03-02,Claude Opus 4.6,input_no_cache,5,token\n2026-03-02,Claude Opus 4.6,output,2.5,token\n`,
      `${usageHeader}\n2026-03-02,claude-opus-4-6,1000000,0,0,0,100000,0\n`,
    ],
  );
  expect(parts(vendors[0]!)).toEqual({ tokens: 3.75, price: 0.75 });
  expect(vendors[0]!.bill_tokens).toEqual({ input: 1_000_000, output: 100_000 });
});

test("logged requests without a price are valued at the bill's rates, never as free", async () => {
  const { vendors } = await compare(
    [
      ...bounds,
      request("2026-03-02T08:00:00Z", {
        model: "mystery-9",
        cost_list_usd: null,
        price_source: "unknown_model",
      }),
      request("2026-03-02T09:00:00Z", { model: "mystery-9", cost_reported_usd: 1.1 }),
    ],
    [
      `${costHeader}\n2026-03-02,mystery-9,output,2.2,token\n`,
      `${usageHeader}\n2026-03-02,mystery-9,2000,0,0,0,200,0\n`,
    ],
  );
  expect(parts(vendors[0]!)).toEqual({ unpriced: 1.1 });
  expect(vendors[0]!.log.unpriced_requests).toBe(1);
});

test("days where the log begins or ends are partial, days beyond it are outside, days beyond the bill are not compared", async () => {
  const { vendors } = await compare(
    [
      request("2026-03-02T12:00:00Z", { cost_list_usd: 1 }),
      request("2026-03-03T12:00:00Z", { cost_list_usd: 1 }),
      request("2026-03-04T12:00:00Z", { cost_list_usd: 7 }),
    ],
    [
      `${costHeader}\n2026-03-01,Claude Opus 4.6,output,2,token\n2026-03-02,Claude Opus 4.6,output,2,token\n2026-03-03,Claude Opus 4.6,output,1,token\n`,
    ],
  );
  expect(parts(vendors[0]!)).toEqual({ within_tolerance: 0, partial_day: 1, outside_log: 2 });
  expect(vendors[0]!.unexplained_share).toBe(0);
  expect(vendors[0]!.log.outside_bill).toEqual({ requests: 1, usd: 7 });
});

test("a bill by days of another zone is compared by those days, and its currency is never converted by itself", async () => {
  const log = [
    request("2026-03-01T00:00:01Z", { provider: "azure" }),
    request("2026-03-01T17:00:00Z", { provider: "deepseek", model: "deepseek-chat", cost_list_usd: 0.28 }),
    request("2026-03-02T15:00:00Z", { provider: "deepseek", model: "deepseek-chat", cost_list_usd: 0.14 }),
    request("2026-03-10T23:59:59Z", { provider: "azure" }),
  ];
  const bill = `user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency
u,2026-03-02T00:00:00+08:00,2026-03-03T00:00:00+08:00,deepseek-chat,Paid,3,CNY
`;
  const plain = (await compare(log, [bill])).vendors[0]!;
  expect([plain.zone, plain.bill_basis, plain.bill_usd, plain.parts]).toEqual([
    "UTC+08:00",
    "tokens_only",
    null,
    [],
  ]);
  expect(plain.unconverted).toEqual([{ currency: "CNY", amount: 3 }]);
  const converted = (await compare(log, [bill], { fx: { CNY: 0.14 } })).vendors[0]!;
  expect(
    converted.cells.map(({ day, bill_usd, log_usd, status }) => [day, bill_usd, log_usd, status]),
  ).toEqual([["2026-03-02", 3 * 0.14, 0.28 + 0.14, "within_tolerance"]]);
});

test("hourly buckets of another zone fall into UTC days", async () => {
  const amounts = `user_id,start_time_iso,end_time_iso,model,type,price,amount
u,2026-03-02T07:00:00+08:00,2026-03-02T08:00:00+08:00,deepseek-chat,output_tokens,0.1,100
u,2026-03-02T08:00:00+08:00,2026-03-02T09:00:00+08:00,deepseek-chat,output_tokens,0.1,100
`;
  const { vendors } = await compare(bounds, [amounts]);
  expect(vendors[0]!.zone).toBe("UTC");
  expect(vendors[0]!.cells.map(({ day }) => day)).toEqual(["2026-03-01", "2026-03-02"]);
});

test("costs that are not by model are compared for the whole day", async () => {
  const start = at("2026-03-02T00:00:00Z") / 1e6;
  const page = {
    object: "page",
    data: [
      {
        object: "bucket",
        start_time: start,
        end_time: start + 86_400,
        results: [
          { object: "organization.costs.result", amount: { value: 3, currency: "usd" }, line_item: null },
        ],
      },
      { object: "bucket", start_time: start + 86_400, end_time: start + 172_800, results: [] },
    ],
  };
  const { vendors } = await compare(
    [
      ...bounds,
      request("2026-03-02T05:00:00Z", { provider: "openai", model: "gpt-5-mini", cost_list_usd: 1 }),
      request("2026-03-02T06:00:00Z", { provider: null, model: "gpt-4o", cost_list_usd: 2 }),
      request("2026-03-03T06:00:00Z", { provider: "openai", model: "gpt-4o", cost_list_usd: 0.5 }),
      request("2026-03-02T06:00:00Z", {
        provider: "openai",
        model: "gpt-4o",
        cost_list_usd: 9,
        cache_status: "hit",
      }),
    ],
    [JSON.stringify(page)],
  );
  expect(vendors[0]!.cells.map(({ day, model, status }) => [day, model, status])).toEqual([
    ["2026-03-02", "(all models)", "within_tolerance"],
    ["2026-03-03", "gpt-4o", "missing_in_bill"],
  ]);
  expect(vendors[0]!.log).toMatchObject({ requests: 3, cache_hits: 1, assumed_requests: 1 });
});

test("a usage export without money is valued at list price, and says so", async () => {
  const start = at("2026-03-02T00:00:00Z") / 1e6;
  const usage = (tokens: number) => ({
    object: "organization.usage.completions.result",
    input_tokens: tokens,
    output_tokens: 0,
    input_cached_tokens: 0,
    num_model_requests: 2,
    model: "gpt-4o-2024-08-06",
  });
  const page = {
    object: "page",
    data: [{ object: "bucket", start_time: start, end_time: start + 86_400, results: [usage(1_000_000)] }],
  };
  const { vendors } = await compare(
    [
      ...bounds,
      request("2026-03-02T05:00:00Z", {
        provider: "openai",
        model: "gpt-4o",
        cost_list_usd: 2,
        input_uncached_tokens: 800_000,
        input_total_tokens: 800_000,
        output_total_tokens: 0,
      }),
    ],
    [JSON.stringify(page)],
  );
  expect(vendors[0]!.bill_basis).toBe("list_price_of_billed_tokens");
  expect(parts(vendors[0]!)).toEqual({ tokens: 0.5 });
});

test("OpenRouter's bill is met by what went through OpenRouter, not by the maker's own traffic", async () => {
  const log = [
    ...bounds,
    request("2026-03-02T05:00:00Z", { provider: "openrouter", cost_reported_usd: 1.055 }),
    request("2026-03-02T05:00:00Z", { gateway: "openrouter", cost_reported_usd: 1 }),
    request("2026-03-02T05:00:00Z", { provider: "anthropic", cost_reported_usd: 8 }),
  ];
  const { vendors } = await compare(log, [
    `Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n"2026-03-02 00:00:00","anthropic/claude-opus-4.6","2.055","4","2","2000","200","0"\n`,
  ]);
  expect(vendors[0]!.bill_usd).toBeCloseTo(2.055, 12);
  expect(vendors[0]!.cells[0]!.status).toBe("within_tolerance");
  expect(vendors[0]!.items).toEqual([{ item: "inference with own keys", usd: 4, is_billed_elsewhere: true }]);
});

test("an export that is given twice, or again a day later, is counted once and said", async () => {
  const early = `${costHeader}\n2026-03-02,Claude Opus 4.6,output,1.50,token\n2026-03-02,Claude Opus 4.6,output,1.50,token\n`;
  const late = `${costHeader}\n2026-03-02,Claude Opus 4.6,output,4.00,token\n2026-03-03,Claude Opus 4.6,output,1.00,token\n`;
  const log = [
    ...bounds,
    request("2026-03-02T05:00:00Z", { cost_list_usd: 4 }),
    request("2026-03-03T05:00:00Z", { cost_list_usd: 1 }),
  ];
  const { vendors, overlaps } = await compare(log, [early, late, early]);
  expect(vendors[0]!.bill_usd).toBe(5);
  expect(overlaps.map(({ rows, amount, difference }) => [rows, amount, difference])).toEqual([
    [2, 3, 1],
    [2, 3, 1],
  ]);
  expect((await compare(log, [early, late], { overlaps: "add" })).vendors[0]!.bill_usd).toBe(8);
});

test("an hourly export beside a daily one of the same day is counted once", async () => {
  const hourly = `${usageHeader}\n2026-03-02 00:00,claude-opus-4-6,400,0,0,0,10,0\n2026-03-02 01:00,claude-opus-4-6,600,0,0,0,10,0\n`;
  const daily = `${usageHeader}\n2026-03-02,claude-opus-4-6,1000,0,0,0,20,0\n`;
  const { vendors, overlaps } = await compare(bounds, [hourly, daily]);
  expect(vendors[0]!.bill_tokens).toEqual({ input: 1000, output: 20 });
  expect(overlaps.map(({ rows, difference }) => [rows, difference])).toEqual([[2, 0]]);
});

test("tokens of days on which the bill states no money are not taken for free", async () => {
  const { vendors } = await compare(bounds, [
    `${costHeader}\n2026-03-02,Claude Opus 4.6,output,1,token\n`,
    `${usageHeader}\n2026-03-02,claude-opus-4-6,1000,0,0,0,20,0\n2026-03-05,claude-opus-4-6,1000,0,0,0,20,0\n`,
  ]);
  expect(vendors[0]!.cells.map(({ day }) => day)).toEqual(["2026-03-02"]);
});

test("the user's aliases join a name on the bill with its model in the log", async () => {
  const alias = { provider: null, name: "house-model", model: "claude-opus-4-6", model_provider: null };
  const list = {
    schema_version: 1 as const,
    kind: "aliases" as const,
    name: "ours",
    version: null,
    entries: [],
    aliases: [alias],
  };
  const { vendors } = await compare(
    [...bounds, request("2026-03-02T08:00:00Z", { cost_list_usd: 1 })],
    [`${costHeader}\n2026-03-02,house-model,output,1,token\n`],
    { book: makePriceBook([list], []) },
  );
  expect(vendors[0]!.cells.map(({ model, status }) => [model, status])).toEqual([
    ["claude-opus-4-6", "within_tolerance"],
  ]);
});

test("the list price that a bill states beside its charges is kept", async () => {
  const { vendors } = await compare(bounds, [
    `${costHeader},list_price_usd\n2026-03-02,Claude Opus 4.6,output,1.8,token,2\n2026-03-03,Claude Opus 4.6,output,0.9,token,1\n`,
  ]);
  expect([vendors[0]!.bill_usd, vendors[0]!.bill_list_usd]).toEqual([2.7, 3]);
});

test("parts add up to 1e-9 over random bills and logs", async () => {
  let state = 7;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const models = ["Claude Opus 4.6", "Claude Haiku 4.5", "mystery-9"];
  const lines: string[] = [];
  const usage: string[] = [];
  const log = [...bounds];
  for (let i = 0; i < 400; i++) {
    const day = 1 + Math.floor(random() * 14);
    const date = `2026-03-${String(day).padStart(2, "0")}`;
    const model = models[Math.floor(random() * 3)]!;
    if (random() < 0.7) lines.push(`${date},${model},output,${(random() * 10 - 1).toFixed(6)},token`);
    if (random() < 0.5)
      usage.push(
        `${date},${model},${Math.floor(random() * 1e6)},0,0,${Math.floor(random() * 1e5)},${Math.floor(random() * 1e4)},0`,
      );
    const usd = random() < 0.2 ? null : random() * 9;
    const names = { "Claude Opus 4.6": "claude-opus-4-6", "Claude Haiku 4.5": "claude-haiku-4-5" } as Record<
      string,
      string
    >;
    if (random() < 0.7)
      log.push(
        request(`${date}T11:00:00Z`, {
          model: names[model] ?? model,
          cost_list_usd: usd,
          input_uncached_tokens: Math.floor(random() * 1e6),
        }),
      );
  }
  const { vendors } = await compare(log, [
    `${costHeader}\n${lines.join("\n")}\n`,
    `${usageHeader}\n${usage.join("\n")}\n`,
  ]);
  expect(vendors[0]!.parts.length).toBeGreaterThan(3);
  expect(vendors[0]!.cells.length).toBeGreaterThan(30);
});

test("an empty log is compared, and a vendor that isn't billed is refused", async () => {
  const bill = `${costHeader}\n2026-03-02,Claude Opus 4.6,output,2,token\n`;
  const { vendors } = await compare([], [bill]);
  expect(parts(vendors[0]!)).toEqual({ outside_log: 2 });
  await expect(compare([], [bill], { vendors: ["openai"] })).rejects.toThrow(/no bill of openai/);
});
