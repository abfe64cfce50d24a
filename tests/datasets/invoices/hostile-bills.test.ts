import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { invoiceReaders } from "../../../datasets/invoices/index.js";
import { readBill } from "../../../datasets/invoices/read-bill.js";

const fields = [
  "data",
  "results",
  "object",
  "start_time",
  "end_time",
  "amount",
  "amount_value",
  "line_item",
  "quantity",
  "quantity_unit",
  "input_tokens",
  "input_cached_tokens",
  "num_model_requests",
  "model",
  "starting_at",
  "ending_at",
  "cache_creation",
  "uncached_input_tokens",
  "usage_date_utc",
  "cost_usd",
  "model_version",
  "usage_input_tokens_no_cache",
  "Date",
  "Slug",
  "Usage",
  "date",
  "usage",
  "model_permaslug",
  "generation_id",
  "cost_total",
  "created_at",
  "type",
  "start_time_iso",
  "cost",
  "currency",
] as const;

const value = fc.oneof(
  fc.constantFrom(
    null,
    "",
    "2026-03-01",
    "2026-03-01T08:00:00+08:00",
    1790553600,
    "1.5",
    "-3",
    "1e400",
    "gpt-4o, input",
    {},
    [],
    { value: "x" },
    -1,
    Number.NaN,
  ),
  fc.jsonValue(),
);
const flat = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 12 });
const nested = fc.record({
  data: fc.array(fc.record({ start_time: value, end_time: value, results: fc.array(flat) })),
});

test("no record makes a reader throw, and every figure that is read is a finite number with a place in time", () => {
  fc.assert(
    fc.property(fc.oneof(flat, nested), (record) => {
      for (const reader of invoiceReaders) {
        reader.recognises(record);
        for (const entry of reader.read(record)) {
          if (!("lines" in entry)) continue;
          expect(entry.period.endAt).toBeGreaterThan(entry.period.startAt);
          for (const { amount } of entry.lines) expect(Number.isFinite(amount)).toBe(true);
        }
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  [
    "a cut line",
    'usage_date_utc,model,token_type,cost_usd\n2026-03-15,Claude Opus 4.6,output,1\n2026-03-15,"Claude',
    1,
    1,
  ],
  [
    "a byte order mark and CRLF",
    "\uFEFFusage_date_utc,model,token_type,cost_usd\r\n2026-03-15,Claude Opus 4.6,output,1\r\n",
    1,
    0,
  ],
  [
    "semicolons, dollars and thousands",
    'usage_date_utc;model;token_type;cost_usd\n2026-03-15;Claude Opus 4.6;output;"$1,234.50"\n',
    1,
    0,
  ],
  [
    "a date that is none",
    "usage_date_utc,model,token_type,cost_usd\n2026-02-31,Claude Opus 4.6,output,1\n",
    0,
    1,
  ],
])("%s is read as far as it can be, the rest is counted", async (_, text, rows, unread) => {
  const path = join(mkdtempSync(join(tmpdir(), "bill-")), "x");
  writeFileSync(path, text);
  const bill = await readBill(path);
  expect([bill.rows.length, bill.unread.length]).toEqual([rows, unread]);
});

test("a zip is refused with what it is", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "bill-")), "export.csv");
  writeFileSync(path, Buffer.from("PK\u0003\u0004 and so on"));
  await expect(readBill(path)).rejects.toThrow(/not a bill of a known format \(.*zip/);
});
