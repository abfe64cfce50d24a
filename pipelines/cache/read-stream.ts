import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { StreamItem } from "../../datasets/cache-stream.js";
import { DataError, InputError } from "../../datasets/errors.js";
import type { Progress } from "../../datasets/progress.js";
import { Reason } from "../../datasets/quarantine.js";
import type { ReadRecord } from "../../datasets/reader/read-record.js";
import { readRecords } from "../../datasets/reader/read-records.js";
import { readStreamItem } from "./read-stream-item.js";

/** A line that became no item, and why. */
export interface RejectedLine {
  file: string;
  /** Counted from 1. */
  line: number;
  reason: Reason;
  detail: string;
  raw: string;
}

/** How many lines became what: `read` = `accepted` + `rejected` + `duplicates`. */
export interface StreamCounts {
  read: number;
  accepted: number;
  rejected: number;
  /** Lines with the id of an earlier one; the earlier one counts. */
  duplicates: number;
  /** Accepted lines without a time. */
  undated: number;
}

/** Where the lines of a stream go. */
export interface StreamOptions {
  /** Gets the items in file order, in batches of what about a megabyte holds. */
  onItems: (items: StreamItem[]) => Promise<void> | void;
  onRejected?: (line: RejectedLine) => void;
  onProgress?: Progress;
}

/** Read a stream of requests, in file order: JSONL above all, and whatever else holds such records (a JSON array, CSV, Parquet;
 * plain, gzip or zstd). A line that can't be used is counted and handed on with its reason; none is dropped silently.
 * @throws {InputError} if there is no such file
 * @throws {DataError} if no line could be used, with the first reason */
export async function readStream(path: string, options: StreamOptions): Promise<StreamCounts> {
  if (!existsSync(path)) throw new InputError(`${path}: no such file; name a JSONL file of requests`);
  const counts: StreamCounts = { read: 0, accepted: 0, rejected: 0, duplicates: 0, undated: 0 };
  const linesOfIds = new Map<string, number>();
  let first: RejectedLine | null = null;
  for await (const records of readRecords(path)) {
    const items: StreamItem[] = [];
    for (const record of records) {
      counts.read += 1;
      const item = readRecord(record, linesOfIds);
      if ("reason" in item) {
        const rejected = { file: path, line: record.line, ...item, raw: record.raw };
        counts[item.reason === Reason.duplicate_id ? "duplicates" : "rejected"] += 1;
        first ??= rejected;
        options.onRejected?.(rejected);
        continue;
      }
      linesOfIds.set(item.id, record.line);
      counts.accepted += 1;
      if (item.created_at === null) counts.undated += 1;
      items.push(item);
    }
    if (items.length > 0) await options.onItems(items);
    options.onProgress?.({
      label: `reading ${basename(path)}`,
      done: counts.read,
      total: null,
      unit: "lines",
    });
  }
  if (counts.accepted === 0) throw new DataError(emptyMessage(path, first));
  return counts;
}

function readRecord(
  record: ReadRecord,
  linesOfIds: ReadonlyMap<string, number>,
): StreamItem | Pick<RejectedLine, "reason" | "detail"> {
  if (!("value" in record))
    return record.problem ?? { reason: Reason.empty_record, detail: "nothing to read" };
  const item = readStreamItem(record.value);
  if ("error" in item) return { reason: Reason.bad_value, detail: item.error };
  const line = linesOfIds.get(item.id);
  if (line === undefined) return item;
  return { reason: Reason.duplicate_id, detail: `id ${item.id} was given before, in line ${line}` };
}

function emptyMessage(path: string, first: RejectedLine | null): string {
  if (first === null) return `${path}: holds no lines; a line is {"id": "1", "text": "..."}`;
  return `${path}: no line could be used; the first: line ${first.line}: ${first.reason}: ${first.detail}`;
}
