import { incompleteBeta } from "./beta.js";

/** What is to be certified: a share of at most alpha, wrongly with a probability of at most delta. */
export interface ErrorPromise {
  /** In (0, 1). */
  alpha: number;
  /** In (0, 1). */
  delta: number;
}

/** Most errors among independent labels that still certify a share of at most alpha: max k with P(Bin(labels, alpha) <= k) <= delta.
 * @param labels whole number, 0 or more
 * @returns null when not even an error-free sample certifies anything
 * @see Clopper and Pearson 1934: the upper bound from k errors is at most alpha exactly when k is at most this */
export function allowedErrors(labels: number, promise: ErrorPromise): number | null {
  if (labels < leastLabels(promise)) return null;
  let low = 0;
  let high = labels;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, labels, promise.alpha) <= promise.delta) low = middle;
    else high = middle;
  }
  return low;
}

/** Least labels, all of them right, that certify a share of at most alpha: ln(delta) / ln(1 - alpha), rounded up. */
export function leastLabels({ alpha, delta }: ErrorPromise): number {
  return Math.ceil(Math.log(delta) / Math.log1p(-alpha));
}

/** P(Bin(trials, share) <= successes). */
function binomialCdf(successes: number, trials: number, share: number): number {
  return successes >= trials ? 1 : 1 - incompleteBeta(share, successes + 1, trials - successes);
}
