/** Rows numbered by the window of time that they fall in: equal numbers share a window, a row without a time is in one of its own kind.
 * @param createdAt microseconds since 1970 UTC
 * @param minutes width of a window */
export function timeWindows(
  createdAt: Float64Array,
  minutes: number,
): { windowOf: Int32Array; windows: number } {
  const width = minutes * 60e6;
  const windowOf = new Int32Array(createdAt.length);
  const numbers = new Map<number, number>();
  let last = Number.NaN;
  let number = 0;
  for (let row = 0; row < createdAt.length; row++) {
    const window = Math.floor(createdAt[row]! / width);
    if (window !== last || row === 0) {
      const known = numbers.get(window);
      number = known ?? numbers.size;
      if (known === undefined) numbers.set(window, number);
      last = window;
    }
    windowOf[row] = number;
  }
  return { windowOf, windows: numbers.size };
}
