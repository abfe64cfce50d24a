/** How alike values of one session are, and how much they vary.
 * @returns icc in [0, 1], the correlation of two values of a session, by one-way analysis of variance; variance of a value about the mean;
 * null with fewer than two sessions, or none of two rows
 * @param values one per row
 * @param clusters session number of each row
 * @see Donner 1986, A review of inference procedures for the intraclass correlation coefficient */
export function sessionLikeness(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
): { icc: number; variance: number } | null {
  const n = values.length;
  const groups = new Map<number, { rows: number; sum: number; squares: number }>();
  let total = 0;
  for (let i = 0; i < n; i++) {
    const group = groups.get(clusters[i]!) ?? { rows: 0, sum: 0, squares: 0 };
    group.rows += 1;
    group.sum += values[i]!;
    group.squares += values[i]! ** 2;
    total += values[i]!;
    groups.set(clusters[i]!, group);
  }
  if (groups.size < 2 || n === groups.size) return null;
  const mean = total / n;
  let [between, within, sizes] = [0, 0, 0];
  for (const { rows, sum, squares } of groups.values()) {
    between += rows * (sum / rows - mean) ** 2;
    within += squares - sum ** 2 / rows;
    sizes += rows ** 2;
  }
  const [msBetween, msWithin] = [between / (groups.size - 1), within / (n - groups.size)];
  const typical = (n - sizes / n) / (groups.size - 1);
  const shared = Math.max(0, (msBetween - msWithin) / typical);
  const all = shared + msWithin;
  return { icc: all > 0 ? shared / all : 0, variance: (between + within) / n };
}
