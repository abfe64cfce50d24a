import { clusterLikeness } from "./cluster-likeness.js";

/** How many times wider the errors of means are because calls of one session are alike: the root of the design effect. Days are taken out
 * first, so that a step in time isn't mistaken for sessions that are alike.
 * @param standardised residuals over their standard deviation
 * @returns 1 without sessions, or where they are no more alike than chance
 * @see Kish 1965, Survey Sampling, sec. 5.4 */
export function sessionSpread(
  standardised: Float64Array,
  { session, day }: Readonly<Record<string, Int32Array>>,
): number {
  if (session === undefined) return 1;
  const clipped = standardised.map((u) => Math.max(-clip, Math.min(clip, u)));
  const { isAlike, correlation } = clusterLikeness(day ? withoutMeans(clipped, day) : clipped, session);
  if (!isAlike) return 1;
  let squares = 0;
  for (const size of countEach(session).values()) squares += size * size;
  return Math.sqrt(1 + (squares / session.length - 1) * correlation);
}

const clip = 4.685;

function withoutMeans(values: Float64Array, groups: Int32Array): Float64Array {
  const counts = countEach(groups);
  const sums = new Map<number, number>();
  values.forEach((value, i) => {
    sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + value);
  });
  return values.map((value, i) => value - sums.get(groups[i]!)! / counts.get(groups[i]!)!);
}

function countEach(groups: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1);
  return counts;
}
