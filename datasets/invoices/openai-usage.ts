import { asBoolean, asString, firstNumber, firstString, type JsonRecord } from "../sources/json-access.js";
import { bucketPeriod } from "./bill-period.js";
import { type BillLine, emptyBillLine, requestLines, tokenLines, Vendor } from "./bill-row.js";
import { billedModel } from "./billed-model.js";
import type { BillEntry, InvoiceReader } from "./invoice-reader.js";
import { hasResults, missingPages, usageBuckets } from "./usage-buckets.js";

/** OpenAI's usage API (completions, embeddings, moderations, images, ...), pages saved as they came, and the usage page's CSV export,
 * which has the same fields. `input_tokens` includes cached tokens.
 * @see https://platform.openai.com/docs/api-reference/usage */
export const openaiUsage: InvoiceReader = {
  name: "openai-usage",
  title: "OpenAI usage API (JSON pages) or usage export (CSV)",
  vendor: Vendor.openai,
  recognises: (record) =>
    isUsage(record) || hasResults(record, (bucket) => bucket.start_time !== undefined, isUsage, false),
  read(record) {
    const buckets = usageBuckets(record);
    if (buckets === null) return [readBucket(record, isEmpty(record) ? [] : [record])];
    const more = missingPages(record);
    const entries = buckets.map(({ bucket, results }) => readBucket(bucket, results));
    return more === null ? entries : [...entries, { note: more }];
  },
};

function isUsage(record: JsonRecord): boolean {
  return (
    /^organization\.usage\.(?!costs)/.test(asString(record.object) ?? "") ||
    ("num_model_requests" in record && ("input_tokens" in record || "model" in record))
  );
}

/** The CSV export writes a bucket in which nothing happened as a row of empty fields. */
function isEmpty(record: JsonRecord): boolean {
  return firstNumber(record, ["num_model_requests", "input_tokens", "output_tokens"]) === null;
}

function readBucket(bucket: JsonRecord, results: JsonRecord[]): BillEntry {
  const period = bucketPeriod(
    bucket.start_time ?? bucket.start_time_iso,
    bucket.end_time ?? bucket.end_time_iso,
  );
  return period === null
    ? { unread: "bucket without a readable start_time and end_time" }
    : { period, lines: results.flatMap(readUsage) };
}

function readUsage(result: JsonRecord): BillLine[] {
  const written = asString(result.model);
  const count = (...names: string[]) => firstNumber(result, names);
  const base = {
    model: written === null ? null : billedModel(written, "openai"),
    modelWritten: written,
    project: firstString(result, ["project_id", "project_name"]),
    apiKey: asString(result.api_key_id),
    tier: asBoolean(result.batch) === true ? "batch" : asString(result.service_tier),
  };
  const read = count("input_cached_tokens") ?? 0;
  const write = count("input_cache_write_tokens") ?? 0;
  const total = count("input_tokens");
  // A total below its cached part would make a negative rest: then the total can't include it.
  const rest = total === null ? null : total >= read + write ? total - read - write : total;
  const units = count("images", "characters", "seconds", "num_sessions", "usage_bytes");
  return [
    ...tokenLines(base, {
      input_uncached: count("input_uncached_tokens") ?? rest,
      input_cache_read: read,
      input_cache_write_5m: write,
      output_total: count("output_tokens"),
    }),
    ...requestLines(base, count("num_model_requests")),
    ...(units === null || units === 0
      ? []
      : [{ ...emptyBillLine, ...base, kind: "units" as const, amount: units, unit: unitName(result) }]),
  ];
}

function unitName(result: JsonRecord): string {
  return ["images", "characters", "seconds", "num_sessions", "usage_bytes"].find((name) => name in result)!;
}
