import { createRandom } from "../../datasets/random.js";
import { rankCorrelation } from "../statistics/rank-correlation.js";
import { dotProduct, nearestVectors } from "./nearest.js";

/** How alike two embedders see the same texts. */
export interface EmbedderAgreement {
  texts: number;
  pairs: number;
  /** Spearman's correlation of the cosines of random pairs. */
  rankCorrelation: number;
  /** Share of texts whose nearest other text is the same. */
  sameNearest: number;
}

const pairCount = 5_000;

/** Compare two embedders by their vectors of the same texts, in the same order; dimensions may differ.
 * @param seed of the pairs */
export function compareEmbedders(
  first: readonly Float32Array[],
  second: readonly Float32Array[],
  seed: number,
): EmbedderAgreement {
  const texts = first.length;
  const random = createRandom(seed);
  const cosines: [number[], number[]] = [[], []];
  for (let i = 0; i < pairCount; i++) {
    const a = random.below(texts);
    const b = random.below(texts);
    if (a === b) continue;
    cosines[0].push(dotProduct(first[a]!, first[b]!));
    cosines[1].push(dotProduct(second[a]!, second[b]!));
  }
  const nearest = (vectors: readonly Float32Array[], i: number) =>
    nearestVectors(vectors[i]!, vectors, { skip: i })[0]?.index;
  const same = first.filter((_, i) => nearest(first, i) === nearest(second, i)).length;
  return {
    texts,
    pairs: cosines[0].length,
    rankCorrelation: rankCorrelation(...cosines),
    sameNearest: same / texts,
  };
}
