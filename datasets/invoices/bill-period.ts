import { readTimestamp } from "../sources/read-time.js";
import type { BillPeriod } from "./bill-row.js";

const day = 86_400_000_000;
const hour = 3_600_000_000;

/** The period of a bucket with a start and an end, each an epoch or ISO 8601; a missing end makes it one day.
 * @returns null when there is no time, or the end is not after the start */
export function bucketPeriod(start: unknown, end: unknown): BillPeriod | null {
  const startAt = readTimestamp(start);
  if (startAt === null) return null;
  const endAt = end === null || end === undefined || end === "" ? startAt + day : readTimestamp(end);
  if (endAt === null || endAt <= startAt) return null;
  return { startAt, endAt, offsetMinutes: offsetOf(start) };
}

/** The period of a single date column in UTC.
 * @param bucket what the vendor means by a time: nothing (its dates carry a midnight), the hour that it lies in, or an hour only where a
 * time is written at all */
export function datedPeriod(date: unknown, bucket: "day" | "hour" | "as_written"): BillPeriod | null {
  const text =
    typeof date === "string" ? date.trim().replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, isoDate) : date;
  const at = readTimestamp(text);
  if (at === null) return null;
  const hasTime = typeof text !== "string" || /[T ]\d{2}:\d{2}/.test(text);
  const length = bucket === "hour" || (bucket === "as_written" && hasTime) ? hour : day;
  const startAt = at - (at % length);
  return { startAt, endAt: startAt + length, offsetMinutes: 0 };
}

function isoDate(_: string, year: string, month: string, dayOfMonth: string): string {
  return `${year}-${month.padStart(2, "0")}-${dayOfMonth.padStart(2, "0")}`;
}

function offsetOf(moment: unknown): number {
  const zone = typeof moment === "string" ? /([+-])(\d{2}):?(\d{2})$/.exec(moment.trim()) : null;
  // The tail of a bare date (2026-09-11) looks like an offset.
  if (zone === null || !/[T ]\d{2}:/.test(String(moment))) return 0;
  return (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]));
}
