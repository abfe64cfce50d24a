/** Inclusion probabilities proportional to size: they sum to the sample's size, and what would exceed 1 is certain.
 * @param sizes above 0
 * @param sample wanted size, at most the number of rows
 * @see Särndal, Swensson and Wretman 1992, Model assisted survey sampling, sec. 3.6 */
export function inclusionProbabilities(sizes: ArrayLike<number>, sample: number): Float64Array {
  const probabilities = new Float64Array(sizes.length);
  let left = sample;
  let open = Int32Array.from({ length: sizes.length }, (_, row) => row);
  for (;;) {
    const total = open.reduce((sum, row) => sum + sizes[row]!, 0);
    for (const row of open) probabilities[row] = Math.min(1, (left * sizes[row]!) / total);
    const certain = open.filter((row) => probabilities[row]! >= 1);
    if (certain.length === 0 || certain.length === open.length) return probabilities;
    left -= certain.length;
    open = open.filter((row) => probabilities[row]! < 1);
  }
}

/** Draw rows with given inclusion probabilities by one random start and equal steps through them (systematic sampling): as many
 * as they sum to, spread evenly over whatever order the rows stand in, which stratifies by that order.
 * @param start uniform in [0, 1)
 * @returns numbers of the drawn rows, ascending
 * @see Madow 1949, On the theory of systematic sampling, II */
export function systematicSample(probabilities: ArrayLike<number>, start: number): number[] {
  const size = Math.round(Array.from(probabilities).reduce((sum, probability) => sum + probability, 0));
  const drawn: number[] = [];
  let reached = 0;
  for (let row = 0; row < probabilities.length; row++) {
    reached += probabilities[row]!;
    if (drawn.length < size && reached > start + drawn.length) drawn.push(row);
  }
  return drawn;
}
