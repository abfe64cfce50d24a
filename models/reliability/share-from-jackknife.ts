import { type Interval, wilsonInterval } from "../statistics/wilson-interval.js";

/** Interval of a share whose symmetric interval may leave [0, 1] near its ends: Wilson's, on as many independent rows as the symmetric
 * one is worth. Where all rows agree, each row or cluster, whichever are fewer, is worth one.
 * @param interval symmetric 95 % interval of the share
 * @param rows how many rows the share is of
 * @param clusters how many clusters they come in
 * @see Korn and Graubard 1998, on effective counts */
export function shareFromJackknife(
  { value, low, high }: Interval,
  { rows, clusters }: { rows: number; clusters: number },
): Interval {
  if (!Number.isFinite(value)) return { value, low: Number.NaN, high: Number.NaN };
  const share = Math.min(1, Math.max(0, value));
  const standardError = (high - low) / (2 * 1.959964);
  const variance = share * (1 - share);
  const worth =
    variance > 0 && standardError > 0
      ? Math.min(rows, variance / standardError ** 2)
      : Math.min(rows, clusters);
  if (!(worth > 0)) return { value: share, low: 0, high: 1 };
  const wilson = wilsonInterval(share * worth, worth);
  return { value: share, low: wilson.low, high: wilson.high };
}
