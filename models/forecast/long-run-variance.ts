/** Variance of the sum of a series of mean 0 whose neighbours may be alike: Bartlett weights up to the usual lag of
 * 4 (n / 100)^(2/9).
 * @returns at least 0
 * @see Newey and West 1987, A Simple, Positive Semi-definite, Heteroskedasticity and Autocorrelation Consistent Covariance Matrix;
 * Newey and West 1994 for the lag */
export function longRunVariance(values: Float64Array): number {
  const lags = Math.floor(4 * (values.length / 100) ** (2 / 9));
  let sum = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let product = 0;
    for (let t = lag; t < values.length; t++) product += values[t]! * values[t - lag]!;
    sum += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * product;
  }
  return Math.max(0, sum);
}
