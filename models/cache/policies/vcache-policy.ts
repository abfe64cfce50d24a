import { createRandom } from "../../../datasets/random.js";
import type { CacheItem, Candidate, ServePolicy } from "../cache-item.js";
import { fitVcacheThreshold, type Observation, type VcacheThreshold } from "./fit-vcache-threshold.js";
import { exploreProbability } from "./vcache-explore-probability.js";

/** vCache's policy, implemented anew from its published formulas: each entry learns a logistic curve of "the answer serves" over the cosine, from
 * the requests that were nearest to it and were answered anew, and serves at random so often that P(a request is answered wrongly) is
 * at most delta. Only requests whose answer differs from the nearest entry's become entries; hits are never checked. A label is
 * consumed at every miss that has a neighbour; a miss whose truth is unknown teaches nothing and becomes an entry.
 * @param delta bound on wrong hits / requests, in (0, 1)
 * @param seed of the decisions between exploring and serving
 * @throws {RangeError} if delta is out of range
 * @see Schroeder et al. 2025, vCache: Verified Semantic Prompt Caching, arXiv 2502.03771 */
export function vcachePolicy({ delta, seed }: { delta: number; seed: number }): ServePolicy {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta is ${delta}; give a number between 0 and 1`);
  const random = createRandom(seed);
  const learners = new WeakMap<CacheItem, Learner>();
  return {
    pick: (candidate) => {
      const learner = learners.get(candidate.neighbours[0]!.entry);
      if (learner === undefined || learner.observations.length < leastObservations) return -1;
      learner.threshold ??= fitVcacheThreshold(learner.observations);
      const explore = exploreProbability(learner.threshold, roundedCosine(candidate), delta);
      return random.uniform() > explore ? 0 : -1;
    },
    learns: (candidate, isSame) => {
      if (isSame === null) return true;
      const { entry } = candidate.neighbours[0]!;
      const observations = learners.get(entry)?.observations ?? [...firstObservations];
      observations.push({ cosine: roundedCosine(candidate), isSame });
      learners.set(entry, { observations });
      return !isSame;
    },
  };
}

interface Learner {
  observations: Observation[];
  /** Of these observations; found when it is first needed. */
  threshold?: VcacheThreshold;
}

/** What every entry is taken to have seen, so that a curve can always be fitted. */
const firstObservations: readonly Observation[] = [
  { cosine: 0, isSame: false },
  { cosine: 1, isSame: true },
];
/** With fewer, those two among them, an entry isn't served. */
const leastObservations = 6;

function roundedCosine({ neighbours }: Candidate): number {
  return Math.round(neighbours[0]!.cosine * 1_000) / 1_000;
}
