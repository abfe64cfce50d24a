import { readTimestamp } from "../read-time.js";
import type { TimeZone } from "../time-zone.js";

/** How texts of numbers and times are to be read. */
export interface ReadContext {
  zone: TimeZone;
  decimal: "." | ",";
}

/** A number as tables write it: plain, with the log's decimal mark, with blanks or apostrophes between the thousands. */
export function readNumber(value: unknown, { decimal }: Pick<ReadContext, "decimal">): number | null {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.length > 64) return null;
  const thousands = decimal === "," ? "." : ",";
  const grouped = value.trim().replace(/(?<=\d)['\s\u00a0\u202f](?=\d{3})/g, "");
  const plain = new RegExp(`^[+-]?[1-9]\\d{0,2}(\\${thousands}\\d{3})+(\\${decimal}\\d+)?$`).test(grouped)
    ? grouped.replaceAll(thousands, "")
    : grouped;
  const dotted = decimal === "," ? plain.replace(",", ".") : plain;
  if (decimal === "," && plain.includes(".")) return null;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(dotted)) return null;
  const number = Number(dotted);
  return Number.isFinite(number) ? number : null;
}

/** A moment, microseconds since 1970 UTC.
 * @param unit one of mappingUnits.time
 * @param since microseconds since 1970 that numbers count from, for relative times */
export function readTime(
  value: unknown,
  unit: string,
  since: number | null,
  context: ReadContext,
): number | null {
  if (unit === "auto") {
    const isNumber = typeof value !== "string" || /^\s*[\d.]+(e\+?\d+)?\s*$/i.test(value);
    return isNumber ? readTimestamp(value) : readTime(value, "iso", null, context);
  }
  if (unit === "dmy" || unit === "mdy") {
    const wall = typeof value === "string" ? readDayMonth(value, unit) : null;
    return wall === null ? null : context.zone.toUtc(wall);
  }
  if (unit === "iso") {
    if (typeof value !== "string" || /^\s*[\d.]*\s*$/.test(value)) return null;
    const micros = readTimestamp(value);
    return micros === null || namesZone(value) ? micros : context.zone.toUtc(micros);
  }
  const number = readNumber(value, context);
  if (number === null) return null;
  if (unit === "excel") return inRange(context.zone.toUtc(Math.round((number - 25_569) * 86_400_000) * 1000));
  if (unit === "ticks") return inRange(Math.round((number - 621_355_968_000_000_000) / 10));
  const micros = Math.round(number * (microsPer[unit] ?? Number.NaN));
  return inRange(since === null ? micros : since + micros);
}

/** A duration in milliseconds; @param unit one of mappingUnits.duration */
export function readDuration(value: unknown, unit: string, context: ReadContext): number | null {
  if (unit === "text") return typeof value === "string" ? readDurationText(value.trim(), context) : null;
  const number = readNumber(value, context);
  const millis = number === null ? Number.NaN : (number * (microsPer[unit] ?? Number.NaN)) / 1000;
  return Number.isFinite(millis) ? millis : null;
}

/** US dollars; @param unit one of mappingUnits.money */
export function readMoney(value: unknown, unit: string, context: ReadContext): number | null {
  const bare = typeof value === "string" ? value.trim().replace(/^(US)?\$\s*|\s*(\$|USD)$/g, "") : value;
  const number = readNumber(bare, context);
  return number === null ? null : number / (unitsPerUsd[unit] ?? Number.NaN);
}

const microsPer: Record<string, number> = { ns: 1e-3, us: 1, ms: 1e3, s: 1e6, min: 6e7 };
const unitsPerUsd: Record<string, number> = {
  usd: 1,
  cents: 1e2,
  milli_usd: 1e3,
  micro_usd: 1e6,
  nano_usd: 1e9,
};

const year2000 = 946_684_800_000_000;
const year10000 = 253_402_300_800_000_000;

function inRange(micros: number): number | null {
  return micros >= year2000 && micros < year10000 ? micros : null;
}

/** Whether a text of a time says where it was read. */
function namesZone(text: string): boolean {
  return /(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)\]?\s*$/i.test(text.trim()) && /\d[:.]\d|GMT|UTC/.test(text);
}

const dayMonth =
  /^(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})(?:[,T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap])?\.?(?:m\.?)?)?$/i;

/** Wall clock reading, microseconds since 1970. */
function readDayMonth(text: string, order: "dmy" | "mdy"): number | null {
  const match = dayMonth.exec(text.trim());
  if (!match) return null;
  const [, first, second, yearText, hourText = "0", minute = "0", seconds = "0", fraction = "", half] = match;
  const [day, month] = order === "dmy" ? [Number(first), Number(second)] : [Number(second), Number(first)];
  const year = yearText!.length === 2 ? 2000 + Number(yearText) : Number(yearText);
  const hour = half === undefined ? Number(hourText) : (Number(hourText) % 12) + (/p/i.test(half) ? 12 : 0);
  const millis = Date.UTC(year, month - 1, day, hour, Number(minute), Number(seconds));
  const date = new Date(millis);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || Number(minute) > 59)
    return null;
  return inRange(millis * 1000 + Math.trunc(Number(fraction.padEnd(9, "0")) / 1000));
}

function readDurationText(text: string, context: ReadContext): number | null {
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)$/.exec(text);
  if (clock) {
    const [, hours = "0", minutes, seconds] = clock;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds!.replace(",", "."))) * 1000;
  }
  const iso = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i.exec(text);
  if (iso && text.length > 2)
    return (Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)) * 1000;
  const worded =
    /^([\d.,+]+)\s*(ns|us|µs|μs|ms|msecs?|millis(?:econds)?|s|secs?|seconds?|m|mins?|minutes?)$/i.exec(text);
  if (!worded) return null;
  const number = readNumber(worded[1], context);
  const word = worded[2]!.toLowerCase();
  const unit = /^(ms|msec|milli)/.test(word)
    ? "ms"
    : /^ns/.test(word)
      ? "ns"
      : /^[uµμ]s/.test(word)
        ? "us"
        : word.startsWith("s")
          ? "s"
          : "min";
  return number === null ? null : (number * microsPer[unit]!) / 1000;
}
