import type { CheckedOffer, OfferSample } from "./certify-usr.js";

/** A request of the sample, with what became of its offer. */
export interface SampledRequest {
  segment: string;
  /** Score of its offer where this lies in the pool that labels were drawn from; null where it doesn't. */
  pooledScore: number | null;
  /** Whether the offer is wrong, where it was checked; null where it wasn't. */
  isWrong: boolean | null;
}

/** Divide requests into the samples that certificates rest on, one per segment, by name. */
export function sampleSegments(requests: Iterable<SampledRequest>): Map<string, OfferSample> {
  const samples = new Map<string, { checked: CheckedOffer[]; pool: number[]; requests: number }>();
  for (const { segment, pooledScore: score, isWrong } of requests) {
    const sample = samples.get(segment) ?? { checked: [], pool: [], requests: 0 };
    samples.set(segment, sample);
    sample.requests += 1;
    if (score === null) continue;
    sample.pool.push(score);
    if (isWrong !== null) sample.checked.push({ score, isWrong });
  }
  return new Map([...samples].sort(([a], [b]) => (a < b ? -1 : 1)));
}
