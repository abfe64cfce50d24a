import { createRandom } from "../../datasets/random.js";
import type { NearestIndex } from "../../models/cache/nearest-index.js";
import { groupBy } from "../../pipelines/trust/group-by.js";
import type { BenchItem } from "./bench-cache-sets.js";

/** What a threshold is tuned to: wrong hits / all requests, or wrong hits / hits. */
export type NaiveRate = "usr" | "fhr";

/** A labelled request: the cosine of its nearest entry, Infinity for an equal one. */
export interface LabelledCosine {
  category: string;
  cosine: number;
  isWrong: boolean;
}

/** Label the nearest entries of requests drawn at random, each in the cache that the others fill. */
export function labelNearest(
  older: readonly BenchItem[],
  {
    labels,
    seed,
    embed,
    index,
  }: { labels: number; seed: number; embed: (text: string) => Float32Array; index: NearestIndex },
): LabelledCosine[] {
  older.forEach(({ text }, slot) => {
    index.add(slot, embed(text));
  });
  const slots = createRandom(seed).shuffle(Int32Array.from(older.keys())).subarray(0, labels);
  return Array.from(slots, (slot) => {
    const { text, exactKey, truth, category } = older[slot]!;
    const found = index.search(embed(text), 2).find((other) => other.slot !== slot)!;
    const entry = older[found.slot]!;
    const cosine = entry.exactKey === exactKey ? Infinity : found.cosine;
    return { category, cosine, isWrong: entry.truth !== truth };
  });
}

/** Cosines that are tried: 0.80 to 0.99. */
const grid = Array.from({ length: 20 }, (_, i) => (80 + i) / 100);

/** The lowest cosine at which the labels meet a target as they are, without a bound; Infinity where none does. */
export function tuneNaively(labelled: readonly LabelledCosine[], target: number, rate: NaiveRate): number {
  const isMet = (least: number) => {
    const hits = labelled.filter(({ cosine }) => cosine >= least);
    const wrong = hits.filter(({ isWrong }) => isWrong).length;
    return wrong <= target * (rate === "usr" ? labelled.length : hits.length);
  };
  return grid.find(isMet) ?? Infinity;
}

/** {@link tuneNaively} for each category by itself. */
export function tuneCategories(
  labelled: readonly LabelledCosine[],
  target: number,
  rate: NaiveRate,
): Map<string, number> {
  const byCategory = groupBy(labelled, ({ category }) => category);
  return new Map([...byCategory].map(([category, own]) => [category, tuneNaively(own, target, rate)]));
}
