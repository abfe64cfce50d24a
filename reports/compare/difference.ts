/** A value with the bounds of its 95 % interval. */
export interface Bounded {
  value: number;
  low: number;
  high: number;
}

/** The change from one estimate to another that doesn't depend on it, with the 95 % interval that follows from theirs (MOVER: the
 * distances to the bounds are added in squares, so intervals needn't be symmetric).
 * @see Zou and Donner 2008, Construction of confidence limits about effect measures, Statistics in Medicine 27, eq. 3 */
export function difference(before: Bounded, after: Bounded): Bounded {
  const value = after.value - before.value;
  return {
    value,
    low: value - Math.hypot(after.value - after.low, before.high - before.value),
    high: value + Math.hypot(after.high - after.value, before.value - before.low),
  };
}
