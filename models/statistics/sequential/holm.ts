/** Adjust p-values for their number, so that the chance of any false alarm among all of them stays at the level that they are compared with.
 * @returns adjusted p-values in the order given, at most 1
 * @see Holm 1979, A simple sequentially rejective multiple test procedure */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const adjusted = new Array<number>(pValues.length);
  let floor = 0;
  order.forEach((i, rank) => {
    floor = Math.max(floor, Math.min(1, (pValues.length - rank) * pValues[i]!));
    adjusted[i] = floor;
  });
  return adjusted;
}
