import { asString, firstString, type JsonRecord } from "../sources/json-access.js";
import { bucketPeriod, datedPeriod } from "./bill-period.js";
import { BilledTokens, type BillLine, emptyBillLine, Vendor } from "./bill-row.js";
import { billedModel } from "./billed-model.js";
import type { BillEntry, InvoiceReader } from "./invoice-reader.js";
import { readAmount } from "./read-amount.js";
import { amountOf, hasResults, missingPages, usageBuckets } from "./usage-buckets.js";

/** The cost export of Anthropic's console: CSV in USD, models by the names that people use ("Claude Opus 4.6"), a row per token type. */
export const anthropicCostsCsv: InvoiceReader = {
  name: "anthropic-costs-csv",
  title: "Anthropic console cost export, CSV",
  vendor: Vendor.anthropic,
  recognises: (record) => "usage_date_utc" in record && "cost_usd" in record,
  read(record) {
    const period = datedPeriod(record.usage_date_utc, "as_written");
    if (period === null) return [{ unread: "usage_date_utc is no date" }];
    const amount = readAmount(record.cost_usd);
    if (amount === null)
      return [record.cost_usd === null ? { period, lines: [] } : { unread: "cost_usd is no number" }];
    return [{ period, lines: [costLine(record, amount, readAmount(record.list_price_usd), "USD")] }];
  },
};

/** Anthropic's cost admin API, pages saved as they came: `GET /v1/organizations/cost_report?group_by[]=description`. Its amounts are in
 * the currency's smallest unit ("123.45" is $1.2345).
 * @see https://platform.claude.com/docs/en/api/admin/cost_report */
export const anthropicCostsApi: InvoiceReader = {
  name: "anthropic-costs-api",
  title: "Anthropic cost admin API, JSON pages",
  vendor: Vendor.anthropic,
  recognises: (record) =>
    hasResults(
      record,
      (bucket) => bucket.starting_at !== undefined,
      (result) => "amount" in result,
      true,
    ),
  read(record) {
    const more = missingPages(record);
    const entries = (usageBuckets(record) ?? []).flatMap(({ bucket, results }): BillEntry[] => {
      const period = bucketPeriod(bucket.starting_at, bucket.ending_at);
      if (period === null) return [{ unread: "bucket without a readable starting_at and ending_at" }];
      if (results.length === 0) return [{ period, lines: [] }];
      return results.map((result) => {
        const { value, currency } = amountOf(result);
        const cents = readAmount(value);
        return cents === null
          ? { unread: "result whose amount is no number" }
          : {
              period,
              lines: [costLine(result, cents / 100, null, (asString(currency) ?? "USD").toUpperCase())],
            };
      });
    });
    return more === null ? entries : [...entries, { note: more }];
  },
};

function costLine(record: JsonRecord, amount: number, listAmount: number | null, unit: string): BillLine {
  const written = asString(record.model);
  const type = asString(record.token_type);
  const costType = asString(record.cost_type);
  const tokens = type === null ? null : (TOKEN_TYPES[type] ?? null);
  const isTokens = tokens !== null || (type === null && (costType === null || /^tokens?$/.test(costType)));
  return {
    ...emptyBillLine,
    kind: "cost",
    model: written === null ? null : billedModel(written, "anthropic"),
    modelWritten: written,
    tokens,
    amount,
    unit,
    listAmount,
    // Without a model and grouping the amount is everything of that day.
    item: isTokens ? (written === null ? asString(record.description) : null) : (type ?? costType),
    project: firstString(record, ["workspace", "workspace_id"]),
    apiKey: firstString(record, ["api_key", "api_key_id"]),
  };
}

const TOKEN_TYPES: Readonly<Record<string, BilledTokens>> = {
  input_no_cache: BilledTokens.inputUncached,
  input: BilledTokens.inputUncached,
  uncached_input_tokens: BilledTokens.inputUncached,
  input_cache_read: BilledTokens.inputCacheRead,
  cache_read_input_tokens: BilledTokens.inputCacheRead,
  input_cache_write: BilledTokens.inputCacheWrite5m,
  input_cache_write_5m: BilledTokens.inputCacheWrite5m,
  "cache_creation.ephemeral_5m_input_tokens": BilledTokens.inputCacheWrite5m,
  input_cache_write_1h: BilledTokens.inputCacheWrite1h,
  "cache_creation.ephemeral_1h_input_tokens": BilledTokens.inputCacheWrite1h,
  output: BilledTokens.outputTotal,
  output_tokens: BilledTokens.outputTotal,
};
