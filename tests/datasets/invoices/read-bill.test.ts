import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BillRow } from "../../../datasets/invoices/bill-row.js";
import { readBill } from "../../../datasets/invoices/read-bill.js";

const data = process.env.SIGNALBOX_DATA ?? "../shared/data";
const folder = join(data, "logs/billing-csv");

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "bill-")), "export.txt");
  writeFileSync(path, text);
  return path;
}

const short = ({ kind, model, tokens, amount, unit, item }: BillRow) => [
  kind,
  model,
  tokens,
  amount,
  unit,
  item,
];
const day = (row: { startAt: number }) => new Date(row.startAt / 1000).toISOString();

test("OpenAI's cost CSV: epoch decides the day, an empty bucket is a day without charges, 30 decimals are read", async () => {
  const bill = await readBill(
    file(`start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,quantity,quantity_unit,line_item,project_id
1790467200,1790553600,2026-09-27T00:00:00+00:00,2026-09-28T00:00:00+00:00,,,,,,
1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,0.003835980000000000000000000000,usd,,,,
1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,0.5,usd,1000,tokens,"gpt-5-nano, input_tokens",p
1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,0.25,usd,2,1k tokens,"gpt-4o-2024-08-06, cached input",p
1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,-1,usd,,,credit grant,p
1790553600,1790640000,2026-09-28T00:00:00,2026-09-29T00:00:00,many,usd,,,"gpt-5-nano, output",p
`),
  );
  expect(bill.readers).toEqual(["openai-costs-csv"]);
  expect(bill.periods).toHaveLength(5);
  expect(day(bill.periods[0]!)).toBe("2026-09-27T00:00:00.000Z");
  expect(bill.rows.map(short)).toEqual([
    ["cost", null, null, 0.00383598, "USD", null],
    ["cost", "gpt-5-nano", "input_uncached", 0.5, "USD", null],
    ["tokens", "gpt-5-nano", "input_uncached", 1000, "tokens", null],
    ["cost", "gpt-4o", "input_cache_read", 0.25, "USD", null],
    ["tokens", "gpt-4o", "input_cache_read", 2000, "tokens", null],
    ["cost", null, null, -1, "USD", "credit grant"],
  ]);
  expect(bill.unread).toEqual([{ line: 7, reason: "amount_value is no number" }]);
});

test("OpenAI's costs API: pages and saved buckets, line items that are no model, and pages that were not saved", async () => {
  const bucket = {
    object: "bucket",
    start_time: 1782864000,
    end_time: 1782950400,
    results: [
      {
        object: "organization.costs.result",
        amount: { value: "0.06", currency: "usd" },
        line_item: "web search tool calls",
      },
      {
        object: "organization.costs.result",
        amount: { value: 1.5, currency: "usd" },
        line_item: "gpt-5-mini-2025-08-07, output",
      },
    ],
  };
  const empty = { object: "bucket", start_time: 1782950400, end_time: 1783036800, results: [] };
  const page = await readBill(
    file(JSON.stringify({ object: "page", data: [bucket, empty], has_more: true }, null, 2)),
  );
  expect(page.readers).toEqual(["openai-costs-api"]);
  expect(page.rows.map(short)).toEqual([
    ["cost", null, null, 0.06, "USD", "web search tool calls"],
    ["cost", "gpt-5-mini", "output_total", 1.5, "USD", null],
  ]);
  expect(page.periods).toHaveLength(2);
  expect(page.notes).toHaveLength(1);
  const buckets = await readBill(file(JSON.stringify([bucket, empty])));
  expect(buckets.rows.map(short)).toEqual(page.rows.map(short));
});

test("OpenAI's usage API: cached tokens are taken out of the input that includes them", async () => {
  const result = {
    object: "organization.usage.completions.result",
    input_tokens: 1_000_000,
    output_tokens: 120_000,
    input_cached_tokens: 400_000,
    num_model_requests: 812,
    project_id: "proj_a",
    model: "gpt-5-mini-2025-08-07",
    batch: true,
  };
  const bill = await readBill(
    file(
      JSON.stringify({
        object: "page",
        data: [{ object: "bucket", start_time: 1782864000, end_time: 1782950400, results: [result] }],
      }),
    ),
  );
  expect(bill.readers).toEqual(["openai-usage"]);
  expect(bill.rows.map(short)).toEqual([
    ["tokens", "gpt-5-mini", "input_uncached", 600_000, "tokens", null],
    ["tokens", "gpt-5-mini", "input_cache_read", 400_000, "tokens", null],
    ["tokens", "gpt-5-mini", "output_total", 120_000, "tokens", null],
    ["requests", "gpt-5-mini", null, 812, "requests", null],
  ]);
  expect(bill.rows[0]!.tier).toBe("batch");
});

test("Anthropic's CSVs: display names become the canonical model, hours and days are UTC, columns are read by name", async () => {
  const cost = await readBill(
    file(`usage_date_utc,model,workspace,context_window,token_type,cost_usd,list_price_usd,cost_type
2026-03-15,Claude Opus 4.6,Default,≤ 200k,input_no_cache,1.50,1.60,token
2026-03-15,Claude Opus 4.6,Default,≤ 200k,output,0.50,0.50,token
2026-03-15,Claude Sonnet 3.5,Default,≤ 200k,input_cache_read,-0.25,,token
2026-03-15,,Default,,,0.10,,web_search
`),
  );
  expect(cost.rows.map(short)).toEqual([
    ["cost", "claude-opus-4-6", "input_uncached", 1.5, "USD", null],
    ["cost", "claude-opus-4-6", "output_total", 0.5, "USD", null],
    ["cost", "claude-3-5-sonnet", "input_cache_read", -0.25, "USD", null],
    ["cost", null, null, 0.1, "USD", "web_search"],
  ]);
  expect(cost.rows[0]!.listAmount).toBe(1.6);
  const usage = await readBill(
    file(`speed,usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
,2026-03-31 02:00,claude-haiku-4-5-20251001,100,20,30,40,2
`),
  );
  expect(usage.rows.map(short)).toEqual([
    ["tokens", "claude-haiku-4-5", "input_uncached", 100, "tokens", null],
    ["tokens", "claude-haiku-4-5", "input_cache_read", 30, "tokens", null],
    ["tokens", "claude-haiku-4-5", "input_cache_write_5m", 20, "tokens", null],
    ["tokens", "claude-haiku-4-5", "output_total", 40, "tokens", null],
    ["units", "claude-haiku-4-5", null, 2, "web_searches", null],
  ]);
  expect(
    [usage.rows[0]!.startAt, usage.rows[0]!.endAt].map((at) => new Date(at / 1000).toISOString()),
  ).toEqual(["2026-03-31T02:00:00.000Z", "2026-03-31T03:00:00.000Z"]);
});

test("Anthropic's admin API: amounts are cents, cache writes keep their life", async () => {
  const times = { starting_at: "2026-08-01T00:00:00Z", ending_at: "2026-08-02T00:00:00Z" };
  const cost = await readBill(
    file(
      JSON.stringify({
        data: [
          {
            ...times,
            results: [
              {
                amount: "123.45",
                currency: "USD",
                model: "claude-opus-4-6",
                cost_type: "tokens",
                token_type: "cache_creation.ephemeral_1h_input_tokens",
              },
            ],
          },
        ],
        has_more: false,
      }),
    ),
  );
  expect(cost.readers).toEqual(["anthropic-costs-api"]);
  expect(cost.rows.map(short)).toEqual([
    ["cost", "claude-opus-4-6", "input_cache_write_1h", 1.2345, "USD", null],
  ]);
  const usage = await readBill(
    file(
      JSON.stringify({
        data: [
          {
            ...times,
            results: [
              {
                uncached_input_tokens: 10,
                cache_read_input_tokens: 20,
                cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
                output_tokens: 5,
                model: "claude-opus-4-6",
                server_tool_use: { web_search_requests: 0 },
              },
            ],
          },
        ],
      }),
    ),
  );
  expect(usage.readers).toEqual(["anthropic-usage-api"]);
  expect(usage.rows.map(({ tokens, amount }) => [tokens, amount])).toEqual([
    ["input_uncached", 10],
    ["input_cache_read", 20],
    ["input_cache_write_5m", 3],
    ["input_cache_write_1h", 4],
    ["output_total", 5],
  ]);
});

test("OpenRouter by day, by API and by request: the fee is the bill, inference with own keys is not", async () => {
  const csv = await readBill(
    file(`Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens
"2026-05-12 00:00:00","anthropic/claude-opus-4.5","430.07","3.5","4115","70965665","3009973","0"
`),
  );
  expect(csv.rows.map((row) => [...short(row), row.isBilledElsewhere])).toEqual([
    ["cost", "claude-opus-4-5", null, 430.07, "USD", null, false],
    ["cost", "claude-opus-4-5", null, 3.5, "USD", "inference with own keys", true],
    ["tokens", "claude-opus-4-5", "input_total", 70_965_665, "tokens", null, false],
    ["tokens", "claude-opus-4-5", "output_total", 3_009_973, "tokens", null, false],
    ["requests", "claude-opus-4-5", null, 4115, "requests", null, false],
  ]);
  const activity = {
    date: "2026-05-12",
    model: "openai/gpt-4.1",
    model_permaslug: "openai/gpt-4.1-2025-04-14",
    usage: 0.015,
    byok_usage_inference: 0,
    requests: 5,
    prompt_tokens: 50,
    completion_tokens: 125,
  };
  const api = await readBill(file(JSON.stringify({ data: [activity] })));
  expect(api.rows.map(short)[0]).toEqual(["cost", "gpt-4.1", null, 0.015, "USD", null]);
  const requests = await readBill(
    file(`generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug,provider_name
gen-1,2026-05-12 10:20:30.5,0.002,100,20,openai/gpt-4.1-2025-04-14,OpenAI
`),
  );
  expect(requests.readers).toEqual(["openrouter-requests"]);
  expect(requests.rows.map(short)[0]).toEqual(["cost", "gpt-4.1", null, 0.002, "USD", null]);
  expect(day(requests.rows[0]!)).toBe("2026-05-12T10:00:00.000Z");
});

test("DeepSeek: long form at UTC+8, the currency is kept, an unknown type is reported", async () => {
  const amounts = await readBill(
    file(`user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount
u,2026-09-11T08:00:00+08:00,2026-09-11T09:00:00+08:00,deepseek-chat,key,sk-1***4,request_count,,10
u,2026-09-11T08:00:00+08:00,2026-09-11T09:00:00+08:00,deepseek-chat,key,sk-1***4,input_cache_miss_tokens,0.000001,1820
u,2026-09-11T08:00:00+08:00,2026-09-11T09:00:00+08:00,deepseek-chat,key,sk-1***4,telepathy,0.1,3
`),
  );
  expect(amounts.rows.map(({ kind, tokens, amount }) => [kind, tokens, amount])).toEqual([
    ["requests", null, 10],
    ["tokens", "input_uncached", 1820],
  ]);
  expect(amounts.rows[0]!.offsetMinutes).toBe(480);
  expect(day(amounts.rows[0]!)).toBe("2026-09-11T00:00:00.000Z");
  expect(amounts.unread).toEqual([{ line: 4, reason: "type telepathy is not known" }]);
  const cost = await readBill(
    file(`user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency
u,2026-09-11T08:00:00+08:00,2026-09-11T09:00:00+08:00,deepseek-chat,Paid,0.006540,CNY
`),
  );
  expect(cost.rows.map(({ amount, unit }) => [amount, unit])).toEqual([[0.00654, "CNY"]]);
});

test.each([
  ["a,b\n1,2\n", /not a bill of a known format \(its first record has the fields a, b\)/],
  ["", /not a bill of a known format \(no record in it\)/],
  ['{"model":"gpt-4o","messages":[]}\n', /not a bill/],
])("a file that is no bill is refused with what was seen: %j", async (text, message) => {
  await expect(readBill(file(text))).rejects.toThrow(message);
});

test.skipIf(!existsSync(folder))(
  "every real-shaped export of the data folder is recognised and read whole",
  async () => {
    const names = [
      "anthropic_cost.csv",
      "anthropic_usage.csv",
      "deepseek_amount.csv",
      "deepseek_cost.csv",
      "openai_cost_dashboard.csv",
      "openrouter_daily.csv",
    ];
    const bills = await Promise.all(
      [...names.map((name) => join(folder, name)), join(data, "logs/constructed/openai_usage_api.json")].map(
        readBill,
      ),
    );
    expect(bills.map(({ readers, records, unread }) => [readers, records, unread])).toEqual([
      [["anthropic-costs-csv"], 3, []],
      [["anthropic-usage-csv"], 5, []],
      [["deepseek-amounts"], 3, []],
      [["deepseek-costs"], 1, []],
      [["openai-costs-csv"], 3, []],
      [["openrouter-daily"], 2, []],
      [["openai-usage"], 1, []],
    ]);
  },
);
