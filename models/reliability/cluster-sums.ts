/** Sums of many amounts by two ways of clustering rows at once, by session and by hour: what intervals need, in memory that doesn't grow
 * with the log. Clusters are dealt into at most `groups` groups by turn (delete-a-group jackknife, Kott 2001). */
export class ClusterSums {
  readonly #session: Float64Array;
  readonly #hour: Float64Array;
  readonly #sessionGroups: number;
  readonly #hourGroups: number;

  /** @param clusters numbers of each row's session and hour, each from 0, and how many there are */
  constructor(
    readonly columns: number,
    readonly clusters: { session: Int32Array; sessions: number; hour: Int32Array; hours: number },
    groups = 400,
  ) {
    this.#sessionGroups = Math.max(1, Math.min(groups, clusters.sessions));
    this.#hourGroups = Math.max(1, Math.min(groups, clusters.hours));
    this.#session = new Float64Array(columns * this.#sessionGroups);
    this.#hour = new Float64Array(columns * this.#hourGroups);
  }

  /** Add an amount of a row to a column. */
  add(column: number, row: number, amount: number): void {
    const { session, hour } = this.clusters;
    this.#session[column * this.#sessionGroups + (session[row]! % this.#sessionGroups)]! += amount;
    this.#hour[column * this.#hourGroups + (hour[row]! % this.#hourGroups)]! += amount;
  }

  /** The columns by groups of sessions. */
  bySession(): Float64Array[] {
    return split(this.#session, this.#sessionGroups);
  }

  /** The columns by groups of hours. */
  byHour(): Float64Array[] {
    return split(this.#hour, this.#hourGroups);
  }

  /** Total of every column. */
  totals(): number[] {
    return this.bySession().map((column) => column.reduce((sum, amount) => sum + amount, 0));
  }
}

function split(values: Float64Array, groups: number): Float64Array[] {
  return Array.from({ length: values.length / groups }, (_, i) =>
    values.subarray(i * groups, (i + 1) * groups),
  );
}
