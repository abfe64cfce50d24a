import { clusterJackknife } from "../statistics/cluster-jackknife.js";
import type { Interval } from "../statistics/wilson-interval.js";
import type { ClusterSums } from "./cluster-sums.js";

/** Hours that a log needs before they count as clusters. */
export const leastHours = 10;

/** Intervals of figures of sums, by sessions and by hours, the wider one of each: an outage hits many sessions at once, so that sessions alone
 * look more certain than they are. Logs of fewer than ten hours have only sessions to go by.
 * @returns one 95 % interval a figure
 * @see Cameron, Gelbach and Miller 2011 on several ways of clustering; the wider one is the conservative choice */
export function widerJackknife(
  sums: ClusterSums,
  statistics: (sums: readonly number[]) => readonly number[],
): Interval[] {
  const bySession = clusterJackknife({ columns: sums.bySession(), statistics });
  if (sums.clusters.hours < leastHours) return bySession;
  const byHour = clusterJackknife({ columns: sums.byHour(), statistics });
  return bySession.map((interval, i) => wider(interval, byHour[i]!));
}

function wider(a: Interval, b: Interval): Interval {
  return b.high - b.low > a.high - a.low ? { ...a, low: b.low, high: b.high } : a;
}
