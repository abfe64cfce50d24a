import {
  type CachedNeighbour,
  guardPair,
  neighboursRead,
  type PairModel,
  pairFeatures,
  scorePair,
} from "@signalbox/runtime";
import type { ServePolicy } from "../../models/cache/cache-item.js";
import { asCached } from "../../models/cache/open-offers.js";

/** Compares two prompts once, however many replays ask. */
export interface PairMemory {
  isServable(prompt: string, cached: string): boolean;
  /** The features of a pair that don't depend on other neighbours, the others 0. */
  wordingOf(prompt: string, cached: string): Float32Array;
}

/** The first of a pair's features that two prompts alone decide; those before it depend on the other neighbours. */
const firstOfWording = 6;

export function openPairMemory(): PairMemory {
  const guards = new Map<string, Map<string, boolean>>();
  const wordings = new Map<string, Map<string, Float32Array>>();
  return {
    isServable: (prompt, cached) => recall(guards, prompt, cached, () => guardPair(prompt, cached) === null),
    wordingOf: (prompt, cached) =>
      recall(wordings, prompt, cached, () => pairFeatures(prompt, [{ similarity: 0, prompt: cached }], 0)),
  };
}

function recall<Value>(
  memory: Map<string, Map<string, Value>>,
  prompt: string,
  cached: string,
  compute: () => Value,
): Value {
  let row = memory.get(prompt);
  if (row === undefined) {
    row = new Map();
    memory.set(prompt, row);
  }
  let value = row.get(cached);
  if (value === undefined) {
    value = compute();
    row.set(cached, value);
  }
  return value;
}

/** The decisions of `certifiedPolicy`, with the comparisons of prompts remembered. */
export function rememberingPolicy(
  model: PairModel | null,
  thresholds: ReadonlyMap<string, number>,
  pairs: PairMemory,
): ServePolicy {
  return {
    pick: ({ item, neighbours }) => {
      const least = thresholds.get(item.segment);
      if (least === undefined) return -1;
      const read = neighbours.slice(0, neighboursRead);
      const at = read.findIndex(({ entry }) => pairs.isServable(item.text, entry.text));
      if (at < 0) return -1;
      const score =
        model === null
          ? read[at]!.cosine
          : scorePair(model, rememberedFeatures(item.text, read.map(asCached), at, pairs));
      return score >= least ? at : -1;
    },
  };
}

/** As `pairFeatures`. */
export function rememberedFeatures(
  prompt: string,
  neighbours: ReadonlyArray<CachedNeighbour & { prompt: string }>,
  at: number,
  pairs: PairMemory,
): Float32Array {
  const blank = neighbours.map((neighbour) => ({ ...neighbour, prompt: "" }));
  const features = pairFeatures("", blank, at);
  features.set(pairs.wordingOf(prompt, neighbours[at]!.prompt).subarray(firstOfWording), firstOfWording);
  return features;
}
