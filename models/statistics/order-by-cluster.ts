/** Rows in order of their cluster, those of one cluster in the order given: a counting sort.
 * @param rows numbers of the rows that count
 * @param clusters cluster number of each row, 0 to count - 1 */
export function orderByCluster(rows: Int32Array, clusters: Int32Array, count: number): Int32Array {
  const next = new Int32Array(count + 1);
  for (let i = 0; i < rows.length; i++) next[clusters[rows[i]!]! + 1]! += 1;
  for (let c = 0; c < count; c++) next[c + 1]! += next[c]!;
  const ordered = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const cluster = clusters[row]!;
    ordered[next[cluster]!] = row;
    next[cluster]! += 1;
  }
  return ordered;
}
