import type { ReplayData } from "../replay/replay-data.js";

/** What an attempt cost: its bill. A failed attempt without a bill and without any usage was not charged by any provider that the
 * request log knows of, and costs 0.
 * @returns USD; NaN when it may have been charged and has no known price */
export function costOfAttempt({ billed, isSuccess, isUnknown }: ReplayData, row: number): number {
  const usd = billed[row]!;
  return Number.isNaN(usd) && isSuccess[row] === 0 && isUnknown[row] === 0 ? 0 : usd;
}
