import { asString, firstString, type JsonRecord } from "../sources/json-access.js";
import { bucketPeriod } from "./bill-period.js";
import { type BillLine, emptyBillLine, Vendor } from "./bill-row.js";
import type { BillEntry, InvoiceReader } from "./invoice-reader.js";
import { readLineItem } from "./openai-line-item.js";
import { readAmount } from "./read-amount.js";
import { amountOf, hasResults, missingPages, usageBuckets } from "./usage-buckets.js";

/** OpenAI's costs API, pages saved as they came: `GET /v1/organization/costs?group_by=line_item`.
 * @see https://platform.openai.com/docs/api-reference/usage/costs */
export const openaiCostsApi: InvoiceReader = {
  name: "openai-costs-api",
  title: "OpenAI costs API, JSON pages",
  vendor: Vendor.openai,
  recognises: (record) =>
    hasResults(
      record,
      (bucket) => bucket.start_time !== undefined,
      (result) =>
        result.object === "organization.costs.result" ||
        (result.amount !== undefined && result.input_tokens === undefined),
      true,
    ),
  read(record) {
    const more = missingPages(record);
    const entries = (usageBuckets(record) ?? []).map(({ bucket, results }): BillEntry => {
      const period = bucketPeriod(bucket.start_time, bucket.end_time);
      if (period === null) return { unread: "bucket without a readable start_time and end_time" };
      const lines = results.map(readCost);
      return lines.some((line) => line === "unread")
        ? { unread: "result whose amount is no number" }
        : { period, lines: lines.flatMap((line) => (line === null || line === "unread" ? [] : line)) };
    });
    return more === null ? entries : [...entries, { note: more }];
  },
};

/** The cost export of OpenAI's usage page: the costs API as CSV, one row per bucket and group, an empty row for an empty bucket. */
export const openaiCostsCsv: InvoiceReader = {
  name: "openai-costs-csv",
  title: "OpenAI cost dashboard, CSV",
  vendor: Vendor.openai,
  recognises: (record) => "amount_value" in record && "start_time" in record,
  read(record) {
    // The ISO columns carry no zone; the epoch beside them is exact.
    const period = bucketPeriod(
      record.start_time ?? record.start_time_iso,
      record.end_time ?? record.end_time_iso,
    );
    if (period === null) return [{ unread: "row without a readable start_time and end_time" }];
    const line = readCost(record);
    return [line === "unread" ? { unread: "amount_value is no number" } : { period, lines: line ?? [] }];
  },
};

/** One cost with its token count where it has one; null for an empty bucket. */
function readCost(result: JsonRecord): BillLine[] | null | "unread" {
  const { value, currency } = amountOf(result);
  if (value === null || value === undefined || value === "") return null;
  const amount = readAmount(value);
  if (amount === null) return "unread";
  const { model, modelWritten, tokens, item } = readLineItem(asString(result.line_item));
  const base = {
    ...emptyBillLine,
    model,
    modelWritten,
    item,
    project: firstString(result, ["project_id", "project_name"]),
    apiKey: asString(result.api_key_id),
  };
  const unit = (asString(currency) ?? "usd").toUpperCase();
  const quantity = readAmount(result.quantity);
  const scale = tokenScale(asString(result.quantity_unit));
  return [
    { ...base, kind: "cost", tokens, amount, unit },
    ...(tokens !== null && quantity !== null && quantity !== 0 && scale !== null
      ? [{ ...base, kind: "tokens" as const, tokens, amount: quantity * scale, unit: "tokens" }]
      : []),
  ];
}

/** Tokens in one unit of quantity; null for units that aren't tokens. */
function tokenScale(unit: string | null): number | null {
  const words = unit?.trim().toLowerCase() ?? "";
  if (/^tokens?$/.test(words)) return 1;
  if (/^(1k|1,?000|thousand|k)[ _]*tokens?$|^ktok(ens)?$/.test(words)) return 1_000;
  return /^(1m|1,?000,?000|million|m)[ _]*tokens?$|^mtok(ens)?$/.test(words) ? 1_000_000 : null;
}
