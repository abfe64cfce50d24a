/** Which points no other point beats: none is at most as large in every coordinate and smaller in one. All coordinates count as costs;
 * of equal points the first stays.
 * @param points one row of coordinates a point; a point with an unknown (NaN) coordinate is on no front
 * @see Kung, Luccio and Preparata 1975, On finding the maxima of a set of vectors */
export function paretoFront(points: ReadonlyArray<readonly number[]>): boolean[] {
  return points.map(
    (point, i) =>
      !point.some(Number.isNaN) && !points.some((other, j) => j !== i && beats(other, point, j < i)),
  );
}

function beats(other: readonly number[], point: readonly number[], isEarlier: boolean): boolean {
  let isSmaller = isEarlier;
  for (let k = 0; k < point.length; k++) {
    if (!(other[k]! <= point[k]!)) return false;
    if (other[k]! < point[k]!) isSmaller = true;
  }
  return isSmaller;
}
