import { findServable, type PairModel, pairFeatures, scorePair } from "@signalbox/runtime";
import type { ServePolicy } from "../cache-item.js";
import { asCached } from "../open-offers.js";

/** Serve as a calibration allows: the nearest neighbour that the guard lets through, if its score reaches the segment's threshold.
 * The same decision as the runtime's.
 * @param model null = the score is the cosine
 * @param thresholds by segment; a segment without one is served exact hits only */
export function certifiedPolicy(
  model: PairModel | null,
  thresholds: ReadonlyMap<string, number>,
): ServePolicy {
  return {
    pick: ({ item, neighbours }) => {
      const least = thresholds.get(item.segment);
      if (least === undefined) return -1;
      const cached = neighbours.map(asCached);
      const at = findServable(item.text, cached);
      if (at < 0) return -1;
      const score =
        model === null ? cached[at]!.similarity : scorePair(model, pairFeatures(item.text, cached, at));
      return score >= least ? at : -1;
    },
  };
}
