/** Rows of equal weight that weighted rows are worth: (sum w)^2 / sum w^2; 0 when all weights are 0.
 * @see Kish 1965, Survey Sampling */
export function effectiveSampleSize(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
