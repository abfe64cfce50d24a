import { asNumber, asRecord, type JsonRecord } from "../json-access.js";

/** Gets the counts of single calls out of token_count events, which give the last call's, the session's running total, or both,
 * and come again whenever the rate limits are refreshed. */
export class CallCounts {
  private total: JsonRecord | null = null;

  /** @param info of a token_count event
   * @returns the counts that the event adds; null when it repeats the one before */
  take(info: JsonRecord): JsonRecord | null {
    const total = countsOf(info.total_token_usage);
    const last = countsOf(info.last_token_usage);
    const before = this.total;
    if (total === null) return last;
    this.total = total;
    if (before !== null && NAMES.every((name) => asNumber(total[name]) === asNumber(before[name])))
      return null;
    return last ?? difference(total, before);
  }
}

const NAMES = [
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
  "total_tokens",
];

/** Counts, unless all of them are missing or 0. */
function countsOf(value: unknown): JsonRecord | null {
  const counts = asRecord(value);
  return counts !== null && NAMES.some((name) => (asNumber(counts[name]) ?? 0) !== 0) ? counts : null;
}

/** A total that shrank was started anew. */
function difference(total: JsonRecord, before: JsonRecord | null): JsonRecord {
  const isReset = before !== null && NAMES.some((name) => of(total, name) < of(before, name));
  if (before === null || isReset) return total;
  return Object.fromEntries(
    NAMES.filter((name) => name in total).map((name) => [name, of(total, name) - of(before, name)]),
  );
}

function of(counts: JsonRecord, name: string): number {
  return asNumber(counts[name]) ?? 0;
}
