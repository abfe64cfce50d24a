import { readTimestamp } from "../read-time.js";

/** A moment as Azure writes it: ISO 8601 with seven digits, ticks, or the portal's CSV export ("7/1/2026, 9:15:00.123 AM").
 * @returns microseconds since 1970, UTC; null for anything else */
export function readAzureTime(value: unknown): number | null {
  const [, month, day, year, hour, minute, second, half] =
    (typeof value === "string" ? PORTAL_TIME.exec(value.trim()) : null) ?? [];
  if (year === undefined) return readTimestamp(value);
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0);
  const two = (part: unknown) => String(part).padStart(2, "0");
  return readTimestamp(`${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}`);
}

const PORTAL_TIME =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)(?:\s*(AM|PM))?$/i;
