/** Two models' quality on the same rows and the score by which rows go to the strong one. */
export interface RoutedRows {
  /** Higher = send to the strong model. */
  scores: ArrayLike<number>;
  strong: ArrayLike<number>;
  weak: ArrayLike<number>;
}

/** Mean quality against the share of strong calls, over all thresholds. Rows with equal scores move together, which
 * draws them as one straight line: the expectation over a random order inside the tie. */
export interface RoutingCurve {
  /** Share of calls to the strong model, ascending from 0 to 1. */
  share: Float64Array;
  /** Mean quality at that share; the first is always-weak, the last always-strong. */
  quality: Float64Array;
}

/** Order of rows by descending score; ties keep their row order. */
export function rankByScore(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
}

/** Trace the quality curve of a two-model router.
 * @param counts weight of each row, such as bootstrap counts; 1 when absent
 * @param order precomputed {@link rankByScore}, to trace many weightings of the same scores */
export function routingCurve(
  rows: RoutedRows,
  counts?: ArrayLike<number>,
  order = rankByScore(rows.scores),
): RoutingCurve {
  const n = order.length;
  let total = 0;
  let quality = 0;
  for (let i = 0; i < n; i++) {
    const weight = counts?.[i] ?? 1;
    total += weight;
    quality += weight * rows.weak[i]!;
  }
  const shares = [0];
  const qualities = [quality / total];
  let moved = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i]!;
    const weight = counts?.[row] ?? 1;
    moved += weight;
    quality += weight * (rows.strong[row]! - rows.weak[row]!);
    const isTied = i + 1 < n && rows.scores[order[i + 1]!] === rows.scores[row];
    if (isTied) continue;
    shares.push(moved / total);
    qualities.push(quality / total);
  }
  return { share: Float64Array.from(shares), quality: Float64Array.from(qualities) };
}
