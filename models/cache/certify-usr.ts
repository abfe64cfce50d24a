import { allowedErrors, leastLabels } from "../statistics/allowed-errors.js";
import { clopperPearson } from "../statistics/clopper-pearson.js";

/** A request whose offered answer was checked. */
export interface CheckedOffer {
  /** Score of the offer; Infinity for one of the exact tier, which is served at any threshold. */
  score: number;
  isWrong: boolean;
}

/** What was checked, and what it stands for. */
export interface OfferSample {
  /** A uniform sample of the pool, checked independently of the scores. */
  checked: readonly CheckedOffer[];
  /** Scores of the whole pool: the offers from which the sample was drawn, all those above a floor that was fixed before any was
   * checked. Nothing below the floor is ever served. */
  pool: ArrayLike<number>;
  /** Requests that the pool is a part of, offered or not, cacheable or not: the denominator of the USR. */
  requests: number;
}

/** What is promised: wrong hits are at most `alpha` of all requests, wrongly with probability `delta` over samples. */
export interface UsrPromise {
  alpha: number;
  delta: number;
  /** Upper bound, at a given confidence, of the share of wrong offers that whoever checks takes for right; absent = errs never. */
  acceptErrorHigh?: (confidence: number) => number;
}

/** A threshold with what it rests on. */
export interface UsrCertificate {
  /** Serve offers that score at least this; null = nothing can be certified. */
  minScore: number | null;
  alpha: number;
  delta: number;
  /** Offers checked, and the wrong ones at or above the threshold. */
  n: number;
  errors: number;
  /** Checked offers at or above the threshold: errors / served is the FHR there. */
  served: number;
  /** Most errors that n checked offers could have had; null = n is too few for any. */
  allowed: number | null;
  /** Upper bound of the USR at the threshold, at confidence 1 - delta; null without a threshold. */
  usrHigh: number | null;
  /** Least n, free of errors, that certifies alpha on this pool. */
  leastLabels: number;
}

/** Share of delta spent on each thing that has to be bounded besides the errors: the pool's share of traffic, and the checker's
 * false accepts. */
const sideShare = 0.1;

/** The lowest threshold whose USR is certified: walking down from the highest score, the number of errors at or above a threshold
 * only grows, and so does the USR, so that a fixed sequence of exact binomial tests needs no correction. With n offers checked of a
 * pool that is at most a share q of all requests, and a checker who accepts at most phi of the wrong ones, the lowest threshold
 * with k errors is certified when P(Bin(n, alpha (1 - phi) / q) <= k) <= delta.
 * @see Angelopoulos et al. 2021, Learn then Test, sec. 3 (fixed sequence testing); Bates et al. 2021, Risk-controlling prediction sets */
export function certifyUsr(
  { checked, pool, requests }: OfferSample,
  { alpha, delta, acceptErrorHigh }: UsrPromise,
): UsrCertificate {
  const isWhole = pool.length >= requests;
  const spent = (isWhole ? 0 : sideShare) + (acceptErrorHigh ? sideShare : 0);
  const side = delta * sideShare;
  const share = isWhole ? 1 : clopperPearson(pool.length, requests, 1 - 2 * side).high;
  const seen = acceptErrorHigh ? 1 - acceptErrorHigh(1 - side) : 1;
  const promise = { alpha: Math.min(0.999, (alpha * seen) / share), delta: delta * (1 - spent) };
  const n = checked.length;
  const isPossible = promise.alpha > 0;
  const allowed = isPossible ? allowedErrors(n, promise) : null;
  const base = { alpha, delta, n, allowed };
  const least = isPossible ? leastLabels(promise) : Infinity;
  if (allowed === null)
    return { ...base, minScore: null, errors: 0, served: 0, usrHigh: null, leastLabels: least };
  const wrong = checked
    .filter(({ isWrong }) => isWrong)
    .map(({ score }) => score)
    .sort((a, b) => b - a);
  const minScore = lowestAbove(pool, wrong[allowed] ?? -Infinity);
  const errors = minScore === null ? 0 : wrong.filter((score) => score >= minScore).length;
  const high = clopperPearson(errors, n, 1 - 2 * promise.delta).high;
  return {
    ...base,
    minScore,
    errors,
    served: minScore === null ? 0 : checked.filter(({ score }) => score >= minScore).length,
    usrHigh: minScore === null ? null : (high * share) / seen,
    leastLabels: least,
  };
}

/** Lowest score above a bound; null when there is none, or when only the exact tier is above it. */
function lowestAbove(scores: ArrayLike<number>, bound: number): number | null {
  let lowest = Infinity;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > bound && scores[i]! < lowest) lowest = scores[i]!;
  return lowest === Infinity ? null : lowest;
}
