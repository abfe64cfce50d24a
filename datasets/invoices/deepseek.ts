import { asString, firstString, type JsonRecord } from "../sources/json-access.js";
import { bucketPeriod, datedPeriod } from "./bill-period.js";
import { BilledTokens, type BillLine, type BillPeriod, emptyBillLine, Vendor } from "./bill-row.js";
import { billedModel } from "./billed-model.js";
import type { InvoiceReader } from "./invoice-reader.js";
import { readAmount } from "./read-amount.js";

/** DeepSeek's amount-*.csv: long form, one row per type of token; times at UTC+8. Price times amount is what cost-*.csv charges, in
 * the account's currency, which this file doesn't name: its money is left to cost-*.csv. */
export const deepseekAmounts: InvoiceReader = {
  name: "deepseek-amounts",
  title: "DeepSeek platform usage export, amount CSV",
  vendor: Vendor.deepseek,
  recognises: (record) => "type" in record && "amount" in record && "model" in record && hasTime(record),
  read(record) {
    const period = periodOf(record);
    if (period === null) return [{ unread: "row without a readable time" }];
    const type = asString(record.type) ?? "";
    const amount = readAmount(record.amount);
    if (amount === null) return [{ unread: "amount is no number" }];
    const tokens = TOKEN_TYPES[type];
    if (tokens === undefined && type !== "request_count") return [{ unread: `type ${type} is not known` }];
    const base = { ...emptyBillLine, ...modelOf(record), apiKey: firstString(record, ["api_key_name"]) };
    const line: BillLine =
      tokens === undefined
        ? { ...base, kind: "requests", amount, unit: "requests" }
        : { ...base, kind: "tokens", tokens, amount, unit: "tokens" };
    return [{ period, lines: [line] }];
  },
};

/** DeepSeek's cost-*.csv: charges by model and wallet, in the account's currency (CNY or USD); times at UTC+8. */
export const deepseekCosts: InvoiceReader = {
  name: "deepseek-costs",
  title: "DeepSeek platform usage export, cost CSV",
  vendor: Vendor.deepseek,
  recognises: (record) => "cost" in record && "currency" in record && "model" in record && hasTime(record),
  read(record) {
    const period = periodOf(record);
    if (period === null) return [{ unread: "row without a readable time" }];
    const amount = readAmount(record.cost);
    if (amount === null) return [{ unread: "cost is no number" }];
    const currency = asString(record.currency);
    if (currency === null) return [{ unread: "cost without a currency" }];
    return [
      {
        period,
        lines: [{ ...emptyBillLine, ...modelOf(record), kind: "cost", amount, unit: currency.toUpperCase() }],
      },
    ];
  },
};

function hasTime(record: JsonRecord): boolean {
  return "start_time_iso" in record || "utc_date" in record;
}

/** Exports since 2026 have a start and an end with their offset, older ones a UTC date. */
function periodOf(record: JsonRecord): BillPeriod | null {
  return record.start_time_iso === undefined
    ? datedPeriod(record.utc_date, "day")
    : bucketPeriod(record.start_time_iso, record.end_time_iso);
}

function modelOf(record: JsonRecord): { model: string | null; modelWritten: string | null } {
  const written = asString(record.model);
  return { model: written === null ? null : billedModel(written, "deepseek"), modelWritten: written };
}

const TOKEN_TYPES: Readonly<Record<string, BilledTokens>> = {
  input_cache_hit_tokens: BilledTokens.inputCacheRead,
  input_cache_miss_tokens: BilledTokens.inputUncached,
  prompt_cache_hit_tokens: BilledTokens.inputCacheRead,
  prompt_cache_miss_tokens: BilledTokens.inputUncached,
  input_tokens: BilledTokens.inputTotal,
  output_tokens: BilledTokens.outputTotal,
};
