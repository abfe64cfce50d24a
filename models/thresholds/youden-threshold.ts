/** Threshold that maximises sensitivity + specificity - 1 when values at or above it count as positive; of equals, the lowest.
 * @param values score of each row
 * @param positives whether each row is a positive
 * @returns null unless both kinds occur
 * @see Youden 1950, Index for rating diagnostic tests */
export function youdenThreshold(values: readonly number[], positives: readonly boolean[]): number | null {
  const positiveCount = positives.filter(Boolean).length;
  const negativeCount = values.length - positiveCount;
  if (positiveCount === 0 || negativeCount === 0) return null;
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  let index = 0;
  let best = { index: -1, threshold: Number.NaN };
  order.forEach((row, rank) => {
    index += positives[row] ? 1 / positiveCount : -1 / negativeCount;
    const next = order[rank + 1];
    const isLastOfTie = next === undefined || values[next] !== values[row];
    if (isLastOfTie && index >= best.index) best = { index, threshold: values[row]! };
  });
  return best.threshold;
}
