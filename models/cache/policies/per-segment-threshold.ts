import type { ServePolicy } from "../cache-item.js";

/** Serves when the nearest entry is near enough for the request's segment.
 * @param thresholds least cosine by segment; Infinity turns the semantic tier off
 * @param otherwise threshold of segments that have none: off unless it is given */
export function perSegmentThreshold(
  thresholds: ReadonlyMap<string, number>,
  otherwise = Number.POSITIVE_INFINITY,
): ServePolicy {
  return {
    pick: ({ item, neighbours }) =>
      neighbours[0]!.cosine >= (thresholds.get(item.segment) ?? otherwise) ? 0 : -1,
  };
}
