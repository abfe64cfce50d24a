/** Sessions put into groups that take their place in cluster-robust intervals, and into two halves. */
export interface SessionGroups {
  /** Number of each session's group. */
  groupOf: Int32Array;
  count: number;
  /** 0 or 1 for each group: the half that choices are made on, and the half that confirms them. */
  half: Uint8Array;
}

/** Group sessions so that an interval costs thousands of steps, not millions, and split them into halves. Up to `most` sessions each is a
 * group of its own; more are put into so many random groups, whose sums are as independent as the sessions', at the price of a few
 * degrees of freedom. Group and half come from a hash of the session's number: equal in every run, and unrelated to its time.
 * @see Wolter 2007, Introduction to Variance Estimation, ch. 2 (random groups); Kott 2001 */
export function groupSessions(sessions: number, most = 4000): SessionGroups {
  const isOwn = sessions <= most;
  const count = isOwn ? sessions : most;
  const groupOf = new Int32Array(sessions);
  const half = new Uint8Array(count);
  for (let group = 0; group < count; group++) half[group] = hash(group, 0x2545f491) & 1;
  for (let session = 0; session < sessions; session++)
    groupOf[session] = isOwn ? session : hash(session, 0) % count;
  return { groupOf, count, half };
}

/** 32 well mixed bits of a whole number (the finaliser of MurmurHash3). */
function hash(value: number, salt: number): number {
  let h = (value ^ salt) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
