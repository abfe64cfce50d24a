import type { DailySpend } from "./daily-spend.js";

/** Part of the daily spend that the log holds whole. */
export interface WholeDays {
  /** Places from (inclusive) to (exclusive) in the daily spend. */
  from: number;
  to: number;
  /** Days at the ends that were left out, and what was billed on them. */
  partialDays: number;
  partialUsd: number;
}

const hourUs = 3600e6;
const dayUs = 24 * hourUs;
/** Days of one log that are fitted: what was longer ago says little about the next days. */
const mostDays = 730;

/** Leave out the day on which a log begins and the one on which it ends, when more than an hour of them is outside of it. Scaling such a day
 * would need its hours' usual shares, which a short log doesn't show. */
export function wholeDays({ from, to, firstDay, billed }: DailySpend): WholeDays {
  const days = billed.length;
  if (days === 0) return { from: 0, to: 0, partialDays: 0, partialUsd: 0 };
  const startsLate = from - firstDay * dayUs > hourUs;
  const endsEarly = (firstDay + days) * dayUs - to > hourUs;
  const end = endsEarly ? days - 1 : days;
  const start = Math.min(end, startsLate ? 1 : 0);
  const partial = [...(startsLate ? [0] : []), ...(endsEarly && (days > 1 || !startsLate) ? [days - 1] : [])];
  return {
    from: Math.max(start, end - mostDays),
    to: end,
    partialDays: partial.length,
    partialUsd: partial.reduce((sum, day) => sum + billed[day]!, 0),
  };
}
