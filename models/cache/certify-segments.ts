import type { OfferSample, UsrCertificate, UsrPromise } from "./certify-usr.js";
import { certifyUsr } from "./certify-usr.js";

/** How a segment came by its threshold.
 * - own: a certificate for this segment alone
 * - pooled: a certificate for all segments with too few labels together, which doesn't vouch for each of them
 * - exact_only: only equal requests are served, which needs no certificate */
export type SegmentLevel = "own" | "pooled" | "exact_only";

/** A segment's threshold. */
export interface SegmentThreshold {
  segment: string;
  level: SegmentLevel;
  /** Of this segment (own), of the pool (pooled), or the one that failed (exact_only). */
  certificate: UsrCertificate;
  /** Checked offers of this segment. */
  n: number;
  note: string;
}

/** A segment that contradicts the pool's threshold as strongly as this is not served by it: P(as many errors | USR = alpha). */
const leastPlausible = 0.2;
/** A segment with fewer checked offers has too little to contradict with, and isn't served by the pool's threshold. */
const leastPooledLabels = 30;
/** An own certificate that allows no error fails at the first one; a segment waits until it may have some. */
const leastAllowed = 1;

/** Certify a threshold per segment. Which segments get their own depends on how many labels they have, never on how these came out,
 * so the certificates need no correction for a choice; those of several segments are certified at delta / 2, and so is the pool of
 * the others. With one segment all of delta is spent on it.
 * @returns one per segment, in the order given
 * @see docs/semantic-cache.md, "Segments with few labels" */
export function certifySegments(
  samples: ReadonlyMap<string, OfferSample>,
  promise: UsrPromise,
): SegmentThreshold[] {
  const isOnly = samples.size === 1;
  const level = isOnly ? promise : { ...promise, delta: promise.delta / 2 };
  const own = new Map([...samples].map(([segment, sample]) => [segment, certifyUsr(sample, level)]));
  const stands = ([segment]: readonly [string, OfferSample]) =>
    isOnly || (own.get(segment)!.allowed ?? -1) >= leastAllowed;
  const others = [...samples].filter((entry) => !stands(entry));
  const pool = certifyUsr(poolSamples(others.map(([, sample]) => sample)), level);
  return [...samples].map(([segment, sample]): SegmentThreshold => {
    const n = sample.checked.length;
    if (sample.pool.length === 0) return nothingOffered(segment, own.get(segment)!);
    if (stands([segment, sample])) return ownThreshold(segment, n, own.get(segment)!);
    return pooledThreshold(segment, sample, pool, promise.alpha);
  });
}

function nothingOffered(segment: string, certificate: UsrCertificate): SegmentThreshold {
  const note = "no near entry is offered that might be served: exact hits only";
  return { segment, level: "exact_only", certificate, n: 0, note };
}

function ownThreshold(segment: string, n: number, certificate: UsrCertificate): SegmentThreshold {
  const { minScore, allowed, leastLabels } = certificate;
  if (minScore !== null)
    return { segment, level: "own", certificate, n, note: "certified on its own labels" };
  const note =
    allowed === null
      ? `not certifiable with ${n} labels, at least ${leastLabels} are needed: exact hits only`
      : "its best offers are wrong too often: exact hits only";
  return { segment, level: "exact_only", certificate, n, note };
}

function pooledThreshold(
  segment: string,
  sample: OfferSample,
  pool: UsrCertificate,
  alpha: number,
): SegmentThreshold {
  const n = sample.checked.length;
  const refused = (note: string): SegmentThreshold => ({
    segment,
    level: "exact_only",
    certificate: pool,
    n,
    note: `${note}: exact hits only`,
  });
  const { minScore } = pool;
  if (minScore === null) {
    return refused(
      `not certifiable with ${pool.n} labels of all small segments, about ${pool.leastLabels} are needed`,
    );
  }
  if (n < leastPooledLabels)
    return refused(`${n} labels, ${leastPooledLabels} are needed to trust the pool's threshold`);
  const errors = sample.checked.filter(({ isWrong, score }) => isWrong && score >= minScore).length;
  if (atLeast(errors, n, conditional(sample, alpha)) <= leastPlausible) {
    return refused(`${errors} of ${n} labels are wrong at the pool's threshold`);
  }
  return {
    segment,
    level: "pooled",
    certificate: pool,
    n,
    note: `certified for the small segments together (${pool.n} labels), not for this one`,
  };
}

function conditional({ pool, requests }: OfferSample, alpha: number): number {
  return Math.min(0.999, (alpha * requests) / Math.max(1, pool.length));
}

/** P(Bin(n, share) >= k). */
function atLeast(k: number, n: number, share: number): number {
  let [below, term] = [0, (1 - share) ** n];
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((n - i) / (i + 1)) * (share / (1 - share));
  }
  return 1 - below;
}

function poolSamples(samples: readonly OfferSample[]): OfferSample {
  return {
    checked: samples.flatMap(({ checked }) => checked),
    pool: samples.flatMap(({ pool }) => Array.from(pool)),
    requests: samples.reduce((sum, { requests }) => sum + requests, 0),
  };
}
