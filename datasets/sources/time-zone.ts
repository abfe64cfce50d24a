/** A zone's distance from UTC. */
export interface TimeZone {
  /** UTC moment of a wall clock reading, both in microseconds since 1970. An hour that a change of clocks brings twice is taken as
   * the first; one that it leaves out as if the clocks had not changed yet. */
  toUtc(wallMicros: number): number;
}

/** Coordinated universal time: what a time without a zone is in when nobody says otherwise. */
export const utc: TimeZone = { toUtc: (wall) => wall };

/** A zone by its IANA name (`Europe/Berlin`) or its offset (`+08:00`, `-0330`, `Z`).
 * @returns null for a zone that isn't known */
export function timeZone(name: string): TimeZone | null {
  const fixed = /^(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?$/i.exec(name);
  if (fixed) {
    const minutes = (fixed[1] === "-" ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0));
    return Math.abs(minutes) <= 14 * 60 ? { toUtc: (wall) => wall - minutes * minuteUs } : null;
  }
  if (/^(Z|UTC|GMT)$/i.test(name)) return utc;
  try {
    return namedZone(name);
  } catch {
    return null;
  }
}

const minuteUs = 60_000_000;
const dayUs = 86_400_000_000;

function namedZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  // Offsets change on quarters of an hour at most, and a log asks for the same ones again and again.
  const offsets = new Map<number, number>();
  const offsetAt = (utcMicros: number): number => {
    const quarter = Math.floor(utcMicros / (15 * minuteUs));
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const start = quarter * 15 * minuteUs;
    const parts = Object.fromEntries(
      format.formatToParts(new Date(start / 1000)).map(({ type, value }) => [type, Number(value)]),
    );
    const wall = Date.UTC(
      parts.year!,
      parts.month! - 1,
      parts.day!,
      parts.hour!,
      parts.minute!,
      parts.second!,
    );
    const offset = wall * 1000 - start;
    if (offsets.size > 50_000) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
  return {
    toUtc: (wall) => {
      const before = offsetAt(wall - dayUs);
      const after = offsetAt(wall + dayUs);
      const isTrue = (offset: number) => offsetAt(wall - offset) === offset;
      const candidates = [Math.max(before, after), Math.min(before, after)];
      return wall - (candidates.find(isTrue) ?? before);
    },
  };
}
