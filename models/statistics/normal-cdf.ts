/** Distribution function of the standard normal: Taylor series near 0, Mills' continued fraction in the tails, where the relative error stays
 * small too; about 1e-13.
 * @see Marsaglia 2004, Evaluating the Normal Distribution; Abramowitz and Stegun 26.2.14 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  const size = Math.abs(z);
  if (size < 3) {
    let [term, sum] = [z, z];
    for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    return 0.5 + sum * density(z);
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / (size + fraction);
  const tail = size === Number.POSITIVE_INFINITY ? 0 : density(z) / (size + fraction);
  return z < 0 ? tail : 1 - tail;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
