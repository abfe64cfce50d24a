/** Deal clusters (sessions) into at most `most` groups by turn: intervals of many figures over a million rows then touch a few thousand
 * sums instead of one per session, and stay those of a delete-a-group estimate.
 * @returns group of each row, and how many there are
 * @see Kott 2001, The delete-a-group jackknife */
export function sessionGroups(
  session: Int32Array,
  sessions: number,
  most = 2_000,
): { groupOf: Int32Array; groups: number } {
  const groups = Math.max(1, Math.min(most, sessions));
  const groupOf = new Int32Array(session.length);
  for (let row = 0; row < session.length; row++) groupOf[row] = session[row]! % groups;
  return { groupOf, groups };
}
