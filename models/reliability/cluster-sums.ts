/** Sums of many amounts by two ways of clustering rows at once, by session and by hour: what intervals need, in memory that doesn't grow
 * with the log. Clusters are dealt into at most `groups` groups by turn (delete-a-group jackknife, Kott 2001). */
export class ClusterSums {
  // a group's sums lie side by side, so that the many amounts of one row touch one stretch of memory
  private readonly session: Float64Array;
  private readonly hour: Float64Array;
  private readonly sessionGroup: Uint16Array;
  private readonly hourGroup: Uint16Array;

  /** @param clusters numbers of each row's session and hour, each from 0, and how many there are
   * @param groups at most 65,536 */
  constructor(
    readonly columns: number,
    readonly clusters: { session: Int32Array; sessions: number; hour: Int32Array; hours: number },
    groups = 400,
  ) {
    const sessionGroups = Math.max(1, Math.min(groups, clusters.sessions));
    const hourGroups = Math.max(1, Math.min(groups, clusters.hours));
    this.session = new Float64Array(columns * sessionGroups);
    this.hour = new Float64Array(columns * hourGroups);
    this.sessionGroup = deal(clusters.session, sessionGroups);
    this.hourGroup = deal(clusters.hour, hourGroups);
  }

  /** Add an amount of a row to a column. */
  add(column: number, row: number, amount: number): void {
    this.session[this.sessionGroup[row]! * this.columns + column]! += amount;
    this.hour[this.hourGroup[row]! * this.columns + column]! += amount;
  }

  /** The columns by groups of sessions. */
  bySession(): Float64Array[] {
    return byColumn(this.session, this.columns);
  }

  /** The columns by groups of hours. */
  byHour(): Float64Array[] {
    return byColumn(this.hour, this.columns);
  }

  /** Total of every column. */
  totals(): number[] {
    return this.bySession().map((column) => column.reduce((sum, amount) => sum + amount, 0));
  }
}

function deal(clusters: Int32Array, groups: number): Uint16Array {
  const group = new Uint16Array(clusters.length);
  for (let row = 0; row < group.length; row++) group[row] = clusters[row]! % groups;
  return group;
}

function byColumn(values: Float64Array, columns: number): Float64Array[] {
  const groups = values.length / columns;
  return Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: groups }, (_, group) => values[group * columns + column]!),
  );
}
