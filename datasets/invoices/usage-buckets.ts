import { asArray, asRecord, asRecords, type JsonRecord } from "../sources/json-access.js";

/** A bucket of an admin API: its results, and the fields of the bucket itself. */
export interface UsageBucket {
  bucket: JsonRecord;
  results: JsonRecord[];
}

/** The buckets of a saved answer: of a page (`data` holds them), or the bucket itself when only those were kept.
 * @returns null when the record is neither */
export function usageBuckets(record: JsonRecord): UsageBucket[] | null {
  if (asArray(record.results) !== null) return [{ bucket: record, results: asRecords(record.results) }];
  // OpenAI's first usage API called a bucket's list `result`.
  if (asArray(record.result) !== null) return [{ bucket: record, results: asRecords(record.result) }];
  if (asArray(record.data) === null) return null;
  const buckets = asRecords(record.data).map((item) => usageBuckets(item)?.[0] ?? null);
  return buckets.every((bucket) => bucket !== null) ? buckets : null;
}

/** Whether any bucket is of the vendor's shape, and any result in it of the format's. A page without a single result is
 * recognised by nobody's results: `emptyMeans` decides. */
export function hasResults(
  record: JsonRecord,
  isBucket: (bucket: JsonRecord) => boolean,
  isResult: (result: JsonRecord) => boolean,
  emptyMeans: boolean,
): boolean {
  const buckets = usageBuckets(record);
  if (buckets === null || buckets.length === 0 || !buckets.every(({ bucket }) => isBucket(bucket)))
    return false;
  const results = buckets.flatMap((bucket) => bucket.results);
  return results.length === 0 ? emptyMeans : results.some(isResult);
}

/** What a page says about pages that were not saved with it. */
export function missingPages(record: JsonRecord): string | null {
  return record.has_more === true
    ? "the page says has_more: later pages are missing unless they are among the other files"
    : null;
}

/** The first field of the object that is an object, or the object itself: OpenAI writes `amount: {value, currency}`. */
export function amountOf(result: JsonRecord): { value: unknown; currency: unknown } {
  const amount = asRecord(result.amount);
  return amount === null
    ? { value: result.amount ?? result.amount_value, currency: result.currency ?? result.amount_currency }
    : { value: amount.value, currency: amount.currency };
}
