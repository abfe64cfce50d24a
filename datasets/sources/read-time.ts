import { type TimeZone, utc } from "./time-zone.js";

/** Read a moment as logs write it: epoch seconds, milliseconds, microseconds or nanoseconds (told apart by size), .NET
 * ticks, ISO 8601 (up to nine fractional digits; a blank for the T), RFC 7231 dates and the common log format. Numbers may be
 * strings. A text without a zone is a wall clock reading in the zone of {@link inZone}, UTC outside of it.
 * @returns microseconds since 1970, UTC; null for anything else and for moments before the year 2000 */
export function readTimestamp(value: unknown): number | null {
  const micros =
    value instanceof Date
      ? value.getTime() * 1000
      : typeof value === "number"
        ? fromNumber(value)
        : typeof value === "bigint"
          ? fromNumber(Number(value))
          : typeof value === "string"
            ? fromText(value.trim())
            : null;
  return micros !== null && micros >= YEAR_2000 && micros < YEAR_10000 ? micros : null;
}

/** Read texts without a zone as wall clock readings of one. It holds while `read` runs, which is synchronous as sources are: so every
 * source reads its times by it, and none has to hand it on. */
export function inZone<T>(zone: TimeZone, read: () => T): T {
  const before = zoneOfNaiveTexts;
  zoneOfNaiveTexts = zone;
  try {
    return read();
  } finally {
    zoneOfNaiveTexts = before;
  }
}

let zoneOfNaiveTexts: TimeZone = utc;

const YEAR_2000 = 946_684_800_000_000;
const YEAR_10000 = 253_402_300_800_000_000;
const TICKS_AT_1970 = 621_355_968_000_000_000;

function fromNumber(value: number): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  if (value < 1e11) return Math.round(value * 1e6);
  if (value < 1e14) return Math.round(value * 1e3);
  if (value < 1e17) return Math.round(value);
  // Ticks of the years 1900 to 2200 lie below the nanoseconds of 1992: the two scales don't meet.
  if (value > 5.9e17 && value < 6.95e17) return Math.round((value - TICKS_AT_1970) / 10);
  return Math.round(value / 1e3);
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
const COMMON_LOG = /^\[?(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})\]?$/;

function fromText(text: string): number | null {
  if (text.length > 64) return null;
  if (/^[+-]?\d+(\.\d+)?([eE]\+?\d+)?$/.test(text)) return fromNumber(Number(text));
  const iso = ISO.exec(text);
  if (iso) return fromIso(iso);
  const common = COMMON_LOG.exec(text);
  const readable = common ? `${common[1]} ${common[2]} ${common[3]} ${common[4]} ${common[5]}` : text;
  if (!/[A-Za-z]{3}/.test(readable) || !/\d{4}/.test(readable)) return null;
  // Date.parse takes a date without a zone as the machine's local time.
  const isZoned = /(GMT|UTC|Z|[+-]\d{2}:?\d{2})$/i.test(readable);
  const millis = Date.parse(isZoned ? readable : `${readable} UTC`);
  if (Number.isNaN(millis)) return null;
  return isZoned ? millis * 1000 : zoneOfNaiveTexts.toUtc(millis * 1000);
}

function fromIso([, year, month, day, hour, minute, second, fraction, zone]: RegExpExecArray): number | null {
  const millis = Date.UTC(+year!, +month! - 1, +day!, +(hour ?? 0), +(minute ?? 0), +(second ?? 0));
  const date = new Date(millis);
  if (
    date.getUTCMonth() !== +month! - 1 ||
    date.getUTCDate() !== +day! ||
    +(hour ?? 0) > 23 ||
    +(minute ?? 0) > 59
  ) {
    return null;
  }
  const micros = fraction ? Math.trunc(Number(fraction.padEnd(9, "0")) / 1000) : 0;
  const wall = millis * 1000 + micros;
  return zone === undefined ? zoneOfNaiveTexts.toUtc(wall) : wall - zoneMinutes(zone) * 60_000_000;
}

function zoneMinutes(zone: string): number {
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!offset) return 0;
  return (offset[1] === "-" ? -1 : 1) * (+offset[2]! * 60 + +(offset[3] ?? 0));
}
