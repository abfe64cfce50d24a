import { betaQuantile } from "./beta.js";

/** Quantile of the standard normal distribution: Acklam's rational approximation, relative error below 1.2e-9.
 * @param p probability in (0, 1) */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not inside (0, 1)`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(tailTop, q) / (polynomial(tailBottom, q) * q + 1);
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(middleTop, r) * q) / (polynomial(middleBottom, r) * r + 1);
}

/** Quantile of Student's t distribution.
 * @param p probability in (0, 1)
 * @param degrees degrees of freedom, at least 1 */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (degrees > 1e6) return normalQuantile(p);
  const tail = 2 * Math.min(p, 1 - p);
  const x = betaQuantile(tail, degrees / 2, 0.5);
  const size = Math.sqrt((degrees * (1 - x)) / x);
  return p < 0.5 ? -size : size;
}

/** Linear-interpolated quantile of sorted values, as numpy and pandas define it by default.
 * @param sorted ascending, not empty */
export function sampleQuantile(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low);
}

/** Several {@link sampleQuantile}s of unsorted values, which are left as they are.
 * @param values not empty */
export function quantilesOf(values: Float64Array, ps: readonly number[]): number[] {
  const sorted = values.slice().sort();
  return ps.map((p) => sampleQuantile(sorted, p));
}

const middleTop = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const middleBottom = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572,
];
const tailTop = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
