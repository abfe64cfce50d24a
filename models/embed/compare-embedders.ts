import { createRandom } from "../../datasets/random.js";
import { rankCorrelation } from "../statistics/rank-correlation.js";
import { dotProduct, nearestVectors } from "./nearest.js";

/** How alike two embedders see the same texts. */
export interface EmbedderAgreement {
  texts: number;
  pairs: number;
  /** Spearman's correlation of the cosines of all pairs, or of a random sample of them. */
  rankCorrelation: number;
  /** Share of texts whose nearest other text is the same. */
  sameNearest: number;
}

const mostPairs = 5_000;

/** Compare two embedders by their vectors of the same texts, in the same order; dimensions may differ.
 * @param seed of the pairs */
export function compareEmbedders(
  first: readonly Float32Array[],
  second: readonly Float32Array[],
  seed: number,
): EmbedderAgreement {
  const texts = first.length;
  const pairs = choosePairs(texts, seed);
  const cosines = (vectors: readonly Float32Array[]) =>
    pairs.map(([a, b]) => dotProduct(vectors[a]!, vectors[b]!));
  const nearest = (vectors: readonly Float32Array[], i: number) =>
    nearestVectors(vectors[i]!, vectors, { skip: i })[0]?.index;
  const same = first.filter((_, i) => nearest(first, i) === nearest(second, i)).length;
  return {
    texts,
    pairs: pairs.length,
    rankCorrelation: rankCorrelation(cosines(first), cosines(second)),
    sameNearest: same / texts,
  };
}

function choosePairs(texts: number, seed: number): Array<[number, number]> {
  const pairs: Array<[number, number]> = [];
  if ((texts * (texts - 1)) / 2 <= mostPairs) {
    for (let a = 0; a < texts; a++) for (let b = a + 1; b < texts; b++) pairs.push([a, b]);
    return pairs;
  }
  const random = createRandom(seed);
  while (pairs.length < mostPairs) {
    const [a, b] = [random.below(texts), random.below(texts)];
    if (a !== b) pairs.push([a, b]);
  }
  return pairs;
}
