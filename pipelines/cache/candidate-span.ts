/** Places of the replayed requests whose offers are kept, from inclusive to exclusive. */
export interface CandidateSpan {
  from: number;
  to: number;
}

const shares = { from: 0.5, to: 0.75 };
/** A log with fewer requests certifies nothing; all its offers are kept to be looked at. */
const leastRequests = 2_000;

/** Which requests' offers are judged and calibrated on: those of the third quarter of a log. Before, the cache is still filling, and
 * offers are rarer and better than they become; what comes after shows what the thresholds come to. */
export function candidateSpan(requests: number): CandidateSpan {
  if (requests < leastRequests) return { from: 0, to: requests };
  return { from: Math.floor(requests * shares.from), to: Math.floor(requests * shares.to) };
}
