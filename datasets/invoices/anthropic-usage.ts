import {
  asNumber,
  asRecord,
  asString,
  firstNumber,
  firstString,
  type JsonRecord,
} from "../sources/json-access.js";
import { bucketPeriod, datedPeriod } from "./bill-period.js";
import { type BillLine, emptyBillLine, tokenLines, Vendor } from "./bill-row.js";
import { billedModel } from "./billed-model.js";
import type { BillEntry, InvoiceReader } from "./invoice-reader.js";
import { readAmount } from "./read-amount.js";
import { hasResults, missingPages, usageBuckets } from "./usage-buckets.js";

/** The token export of Anthropic's console: CSV, daily or hourly, UTC. Columns come and go by month and are read by name. */
export const anthropicUsageCsv: InvoiceReader = {
  name: "anthropic-usage-csv",
  title: "Anthropic console usage export, CSV",
  vendor: Vendor.anthropic,
  recognises: (record) =>
    "usage_date_utc" in record && Object.keys(record).some((name) => /^usage_(in|out)put_tokens/.test(name)),
  read(record) {
    const period = datedPeriod(record.usage_date_utc, "as_written");
    if (period === null) return [{ unread: "usage_date_utc is no date" }];
    const written = firstString(record, ["model_version", "model"]);
    const count = (name: string) => readAmount(record[name]);
    return [
      {
        period,
        lines: usageLines(written, record, {
          input_uncached: count("usage_input_tokens_no_cache") ?? count("usage_input_tokens"),
          input_cache_read: count("usage_input_tokens_cache_read"),
          input_cache_write_5m:
            count("usage_input_tokens_cache_write_5m") ?? count("usage_input_tokens_cache_write"),
          input_cache_write_1h: count("usage_input_tokens_cache_write_1h"),
          output_total: count("usage_output_tokens"),
          webSearches: count("web_search_count"),
        }),
      },
    ];
  },
};

/** Anthropic's usage admin API, pages saved as they came: `GET /v1/organizations/usage_report/messages?group_by[]=model`.
 * @see https://platform.claude.com/docs/en/api/admin/usage_report */
export const anthropicUsageApi: InvoiceReader = {
  name: "anthropic-usage-api",
  title: "Anthropic usage admin API, JSON pages",
  vendor: Vendor.anthropic,
  recognises: (record) =>
    hasResults(
      record,
      (bucket) => bucket.starting_at !== undefined,
      (result) => "uncached_input_tokens" in result || "cache_creation" in result,
      false,
    ),
  read(record) {
    const more = missingPages(record);
    const entries = (usageBuckets(record) ?? []).map(({ bucket, results }): BillEntry => {
      const period = bucketPeriod(bucket.starting_at, bucket.ending_at);
      return period === null
        ? { unread: "bucket without a readable starting_at and ending_at" }
        : { period, lines: results.flatMap(readResult) };
    });
    return more === null ? entries : [...entries, { note: more }];
  },
};

function readResult(result: JsonRecord): BillLine[] {
  const created = asRecord(result.cache_creation);
  return usageLines(asString(result.model), result, {
    input_uncached: asNumber(result.uncached_input_tokens),
    input_cache_read: asNumber(result.cache_read_input_tokens),
    input_cache_write_5m:
      firstNumber(created, ["ephemeral_5m_input_tokens"]) ?? asNumber(result.cache_creation_input_tokens),
    input_cache_write_1h: firstNumber(created, ["ephemeral_1h_input_tokens"]),
    output_total: asNumber(result.output_tokens),
    webSearches: firstNumber(asRecord(result.server_tool_use), ["web_search_requests"]),
  });
}

function usageLines(
  written: string | null,
  record: JsonRecord,
  counts: Parameters<typeof tokenLines>[1] & { webSearches: number | null },
): BillLine[] {
  const { webSearches, ...tokens } = counts;
  const base = {
    model: written === null ? null : billedModel(written, "anthropic"),
    modelWritten: written,
    project: firstString(record, ["workspace", "workspace_id"]),
    apiKey: firstString(record, ["api_key", "api_key_id"]),
    tier: firstString(record, ["service_tier", "usage_type"]),
  };
  return [
    ...tokenLines(base, tokens),
    ...(webSearches === null || webSearches === 0
      ? []
      : [{ ...emptyBillLine, ...base, kind: "units" as const, amount: webSearches, unit: "web_searches" }]),
  ];
}
