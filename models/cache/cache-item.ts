/** One request as a cache sees it. Items are replayed in the order of `at`. */
export interface CacheItem {
  id: string;
  /** Last user turn: what similarity compares. */
  text: string;
  /** Hash of everything that must be equal for an answer to be shared; entries of another scope are never looked at. */
  scope: string;
  /** Hash of scope and normalised text: the key of the exact tier. */
  exactKey: string;
  /** Part of the traffic that has a threshold of its own. */
  segment: string;
  /** Seconds since 1970, or the place in the stream where times are unknown. */
  at: number;
  /** Id of the answer that the log holds for this request: equal ids = the same answer, as far as the log shows. -1 = unknown. */
  answerGroup: number;
  /** Id of the right answer, for streams whose truth is known. -1 = unknown. */
  truth: number;
  /** Why it must not be served from a cache, nor fill one; null = it may. */
  neverCache: string | null;
  /** What a hit saves: the cost that was billed for this request, USD; null = unknown. */
  costUsd: number | null;
}

/** An entry near a request. */
export interface CacheNeighbour {
  entry: CacheItem;
  cosine: number;
}

/** What the semantic tier has to decide on: a request and its nearest living entries in the same scope, the nearest first. */
export interface Candidate {
  item: CacheItem;
  neighbours: readonly CacheNeighbour[];
}

/** Decides whose answer is served. One object lives through one replay. */
export interface ServePolicy {
  /** @returns place of the neighbour whose answer is served; -1 = none */
  pick(candidate: Candidate): number;
  /** Told after a miss that had a neighbour, when the fresh answer is known.
   * @param isSame whether the nearest entry's answer would have served; null = unknown
   * @returns whether the item becomes an entry; without this method every miss does */
  learns?(candidate: Candidate, isSame: boolean | null): boolean;
}
