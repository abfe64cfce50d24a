import type { NearestIndex } from "./nearest-index.js";

/** How much of what an exact search finds an index found too. */
export interface Recall {
  /** Searches that were repeated exactly. */
  searches: number;
  /** Neighbours that the exact searches found. */
  wanted: number;
  /** Of these, how many the index found; one that is equally near counts. */
  found: number;
  /** Searches whose nearest neighbour was found. */
  nearestFound: number;
}

/** Search an index as it is asked to, and exactly, for each query.
 * @param count neighbours per query */
export function measureRecall(index: NearestIndex, queries: Iterable<Float32Array>, count: number): Recall {
  const recall = emptyRecall();
  for (const query of queries) {
    const exact = index.searchExactly(query, count);
    if (exact.length === 0) continue;
    const farthest = exact.at(-1)!.cosine;
    const found = index.search(query, count).filter(({ cosine }) => cosine >= farthest);
    recall.searches += 1;
    recall.wanted += exact.length;
    recall.found += found.length;
    recall.nearestFound += Number(found[0]?.cosine === exact[0]!.cosine);
  }
  return recall;
}

/** Add what was measured to a sum. */
export function addRecall(sum: Recall, measured: Recall): void {
  for (const field of ["searches", "wanted", "found", "nearestFound"] as const) sum[field] += measured[field];
}

export function emptyRecall(): Recall {
  return { searches: 0, wanted: 0, found: 0, nearestFound: 0 };
}
