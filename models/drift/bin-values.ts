/** A column cut into bins. */
export interface BinnedColumn {
  /** Bin of each row. */
  bins: Int32Array;
  /** What each bin holds, for people. */
  labels: string[];
}

/** A value of a column; null = missing, which is a bin of its own. */
export type ColumnValue = string | number | boolean | null;

/** Cut a column: numbers at the quantiles of the rows before, so that each of at most ten bins holds as many of them, names by themselves, the
 * rare ones together.
 * @param isSince whether a row belongs to the later side, which does not decide the cuts of numbers */
export function binValues(values: readonly ColumnValue[], isSince: ArrayLike<number>): BinnedColumn {
  const isNumeric = values.every((value) => value === null || typeof value === "number");
  const { labels, binOf } = isNumeric
    ? numberBins(values.filter((value, row): value is number => value !== null && !isSince[row]))
    : nameBins(values);
  const missing = labels.length;
  const bins = Int32Array.from(values, (value) => (value === null ? missing : binOf(value)));
  return { bins, labels: [...labels, "(missing)"] };
}

interface Binning {
  labels: string[];
  binOf(value: Exclude<ColumnValue, null>): number;
}

function numberBins(before: readonly number[]): Binning {
  const sorted = [...before].sort((a, b) => a - b);
  const cuts = [
    ...new Set(
      Array.from(
        { length: mostBins - 1 },
        (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / mostBins)] ?? 0,
      ),
    ),
  ];
  const edges = ["", ...cuts.map((cut) => String(Number(cut.toPrecision(4))))];
  return {
    labels: [...edges.slice(1).map((edge) => `up to ${edge}`), `above ${edges.at(-1)}`],
    binOf: (value) => {
      const bin = cuts.findIndex((cut) => Number(value) <= cut);
      return bin === -1 ? cuts.length : bin;
    },
  };
}

function nameBins(values: readonly ColumnValue[]): Binning {
  const counts = new Map<string, number>();
  for (const value of values)
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const frequent = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, mostNames)
    .map(([name]) => name);
  const numberOf = new Map(frequent.map((name, bin) => [name, bin]));
  return {
    labels: [...frequent, "(others)"],
    binOf: (value) => numberOf.get(String(value)) ?? frequent.length,
  };
}

const mostBins = 10;
const mostNames = 20;
