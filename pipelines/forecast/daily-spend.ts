import type { ReplayData } from "../replay/replay-data.js";

/** Spend by UTC day, from the first day of the log to the last; days without attempts are 0. */
export interface DailySpend {
  /** Days since 1970-01-01 of the first place. */
  firstDay: number;
  /** Known USD as billed, and with the router on the attempts that it decided. */
  billed: Float64Array;
  routed: Float64Array;
  attempts: Float64Array;
  /** First and last attempt, microseconds since 1970; NaN without any. */
  from: number;
  to: number;
  /** Attempts and known USD that the router decided, that stay as billed, and attempts without a known price. */
  replayed: { requests: number; usd: number };
  measured: { requests: number; usd: number };
  unknown: number;
}

const dayUs = 86_400e6;

/** Sum a replayed log by day. Failed attempts and retries count as they were billed; what has no known price is counted, not added.
 * Attempts without a time are in no day. */
export function dailySpend(replay: ReplayData): DailySpend {
  const { createdAt, rows } = replay;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const at = createdAt[row]!;
    if (at < from) from = at;
    if (at > to) to = at;
  }
  const isEmpty = !(from <= to);
  const firstDay = isEmpty ? 0 : Math.floor(from / dayUs);
  const days = isEmpty ? 0 : Math.floor(to / dayUs) - firstDay + 1;
  const spend: DailySpend = {
    firstDay,
    billed: new Float64Array(days),
    routed: new Float64Array(days),
    attempts: new Float64Array(days),
    from: isEmpty ? Number.NaN : from,
    to: isEmpty ? Number.NaN : to,
    replayed: { requests: 0, usd: 0 },
    measured: { requests: 0, usd: 0 },
    unknown: 0,
  };
  for (let row = 0; row < rows; row++) {
    const day = Math.floor(createdAt[row]! / dayUs) - firstDay;
    if (!(day >= 0)) continue;
    const usd = replay.billed[row]!;
    spend.attempts[day]! += 1;
    if (replay.isUnknown[row] === 1 || Number.isNaN(usd)) {
      spend.unknown += 1;
      continue;
    }
    const isReplayed = replay.isReplayed[row] === 1;
    const part = isReplayed ? spend.replayed : spend.measured;
    part.requests += 1;
    part.usd += usd;
    spend.billed[day]! += usd;
    spend.routed[day]! += isReplayed ? replay.usd[replay.chosen[row]! * rows + row]! : usd;
  }
  return spend;
}
