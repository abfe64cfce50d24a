/** Moments at which a test is looked at: the end of each UTC day with a row, of the last 400 such days, then now, or `gapUs` after the last row
 * if that is earlier.
 * @param times microseconds since 1970, ascending
 * @param now the same */
export function lookTimes(
  times: readonly number[],
  { gapUs, now }: { gapUs: number; now: number },
): number[] {
  if (times.length === 0) return [];
  const end = Math.max(times[0]!, Math.min(now, times.at(-1)! + gapUs));
  const days = [...new Set(times.map(dayOf))].slice(-mostDays);
  return [...days.map((day) => (day + 1) * dayUs - 1).filter((at) => at < end), end];
}

const mostDays = 400;

/** UTC day of a time, days since 1970. */
export function dayOf(us: number): number {
  return Math.floor(us / dayUs);
}

/** Whether a day is a Saturday (6) or Sunday (0), else null. */
export function weekendDay(day: number): 0 | 6 | null {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6 ? weekday : null;
}

/** Microseconds of a day. */
export const dayUs = 86_400_000_000;
