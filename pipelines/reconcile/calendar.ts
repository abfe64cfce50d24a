import type { BillPeriod } from "../../datasets/invoices/bill-row.js";

const day = 86_400_000_000;
const minute = 60_000_000;

/** The calendar that a vendor's bill is compared in. */
export interface Calendar {
  /** Minutes ahead of UTC. */
  offsetMinutes: number;
  /** Whether every figure lies within one day of it. */
  grain: "day" | "period";
  /** First and last day, YYYY-MM-DD. */
  from: string;
  to: string;
}

/** UTC days, unless a bucket reaches over UTC midnight: then the days of the vendor's own zone. A bill with longer buckets (a
 * month) is compared as one period.
 * @param periods at least one */
export function chooseCalendar(periods: readonly BillPeriod[]): Calendar {
  const crosses = (offset: number) =>
    periods.some((period) => dayNumber(period.startAt, offset) !== dayNumber(period.endAt - 1, offset));
  const own = periods.find(({ offsetMinutes }) => offsetMinutes !== 0)?.offsetMinutes ?? 0;
  const offsetMinutes = own !== 0 && crosses(0) ? own : 0;
  const starts = periods.reduce((least, { startAt }) => Math.min(least, startAt), Number.POSITIVE_INFINITY);
  const ends = periods.reduce((most, { endAt }) => Math.max(most, endAt), Number.NEGATIVE_INFINITY);
  return {
    offsetMinutes,
    grain: crosses(offsetMinutes) ? "period" : "day",
    from: dayOf(starts, offsetMinutes),
    to: dayOf(ends - 1, offsetMinutes),
  };
}

/** Day of a moment in a zone, YYYY-MM-DD.
 * @param at microseconds since 1970, UTC */
export function dayOf(at: number, offsetMinutes: number): string {
  return new Date(dayNumber(at, offsetMinutes) * (day / 1000)).toISOString().slice(0, 10);
}

/** Noon of a day in a zone, microseconds since 1970 UTC: a moment whose prices are the day's. */
export function noonOf(dayText: string, offsetMinutes: number): number {
  return Date.parse(`${dayText}T12:00:00Z`) * 1000 - offsetMinutes * minute;
}

/** Days of the log that it doesn't hold whole: its first and its last, unless it reaches within an hour of their midnights. */
export function partialDays(
  window: { firstAt: number; lastAt: number },
  offsetMinutes: number,
): ReadonlySet<string> {
  const slack = 60 * minute;
  const first = window.firstAt + offsetMinutes * minute;
  const last = window.lastAt + offsetMinutes * minute;
  return new Set([
    ...(first % day > slack ? [dayOf(window.firstAt, offsetMinutes)] : []),
    ...(day - (last % day) > slack ? [dayOf(window.lastAt, offsetMinutes)] : []),
  ]);
}

/** "UTC", "UTC+08:00". */
export function zoneName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "UTC";
  const size = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `UTC${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function dayNumber(at: number, offsetMinutes: number): number {
  return Math.floor((at + offsetMinutes * minute) / day);
}
