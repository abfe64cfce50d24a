import { createRandom } from "../datasets/random.js";

/** Number groups of rows that must never straddle a split: rows of one session, and rows with the same text (twins
 * would let a model recognise instead of generalise). Groups that share a row merge.
 * @param sessionIds null = no session known
 * @param texts what makes two rows twins, such as the last user turn
 * @returns group number of each row, numbered by first row */
export function groupRows(sessionIds: ReadonlyArray<string | null>, texts: readonly string[]): Int32Array {
  const parent = Int32Array.from(texts, (_, i) => i);
  const find = (row: number): number => {
    let root = row;
    while (parent[root] !== root) root = parent[root]!;
    parent[row] = root;
    return root;
  };
  const firstOf = new Map<string, number>();
  const join = (key: string, row: number) => {
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, row);
    else parent[Math.max(find(first), find(row))] = Math.min(find(first), find(row));
  };
  texts.forEach((text, row) => {
    join(`t:${text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim()}`, row);
    const session = sessionIds[row] ?? null;
    if (session !== null) join(`s:${session}`, row);
  });
  const numbers = new Map<number, number>();
  return Int32Array.from(texts, (_, row) => {
    const root = find(row);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
}

/** Deal groups into folds of about equal row counts, at random by the seed.
 * @returns fold of each row, 0 to folds - 1 */
export function assignFolds(groups: ArrayLike<number>, folds: number, seed: number): Int32Array {
  const sizes = groupSizes(groups);
  const order = createRandom(seed).shuffle(Int32Array.from(sizes, (_, group) => group));
  const filled = new Float64Array(folds);
  const foldOf = new Int32Array(sizes.length);
  for (const group of order) {
    const smallest = filled.indexOf(Math.min(...filled));
    foldOf[group] = smallest;
    filled[smallest]! += sizes[group]!;
  }
  return Int32Array.from(groups, (group) => foldOf[group]!);
}

/** Cut rows into consecutive parts by time, whole groups at a time; a group counts by its latest row.
 * @param times microseconds of each row
 * @param shares of the parts, oldest first, summing to 1
 * @returns part of each row, 0 = oldest */
export function splitByTime(
  groups: ArrayLike<number>,
  times: ArrayLike<number>,
  shares: readonly number[],
): Int32Array {
  const sizes = groupSizes(groups);
  const latest = new Float64Array(sizes.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < groups.length; i++) latest[groups[i]!] = Math.max(latest[groups[i]!]!, times[i]!);
  const order = Int32Array.from(sizes, (_, group) => group).sort((a, b) => latest[a]! - latest[b]! || a - b);
  const partOf = new Int32Array(sizes.length);
  let part = 0;
  let rows = 0;
  let limit = shares[0]! * groups.length;
  for (const group of order) {
    while (rows >= limit - 1e-9 && part < shares.length - 1) limit += shares[++part]! * groups.length;
    partOf[group] = part;
    rows += sizes[group]!;
  }
  return Int32Array.from(groups, (group) => partOf[group]!);
}

/** Numbers of the rows for which a condition on their fold or part holds. */
export function rowsWhere(parts: ArrayLike<number>, holds: (part: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < parts.length; i++) if (holds(parts[i]!)) rows.push(i);
  return Int32Array.from(rows);
}

function groupSizes(groups: ArrayLike<number>): Int32Array {
  let count = 0;
  for (let i = 0; i < groups.length; i++) count = Math.max(count, groups[i]! + 1);
  const sizes = new Int32Array(count);
  for (let i = 0; i < groups.length; i++) sizes[groups[i]!]! += 1;
  return sizes;
}
