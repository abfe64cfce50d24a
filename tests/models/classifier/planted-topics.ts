import { createRandom } from "../../../datasets/random.js";
import type { FeatureMatrix } from "../../../models/classifier/feature-matrix.js";
import type { Targets } from "../../../models/classifier/head-loss.js";

/** Requests that hold either, both or none of two topics, each with words of its own, among words that mean nothing. */
export interface PlantedTopics {
  matrix: FeatureMatrix;
  hasFirst: boolean[];
  hasSecond: boolean[];
}

const topicWords = 12;
const noiseWords = 40;
/** The same for every row: a weight that fell with the number of words would give the interaction away. */
const wordWeight = 0.3;

/** Rows with two planted topics: the first topic's words are buckets 0 to 11, the second's 12 to 23, the rest is noise. */
export function plantedTopics(rows: number, seed: number): PlantedTopics {
  const random = createRandom(seed);
  const hasFirst = Array.from({ length: rows }, () => random.uniform() < 0.5);
  const hasSecond = Array.from({ length: rows }, () => random.uniform() < 0.5);
  const offsets = new Int32Array(rows + 1);
  const ids: number[] = [];
  const weights: number[] = [];
  for (let row = 0; row < rows; row++) {
    const words = [
      ...(hasFirst[row] ? drawWords(random.below, 0, topicWords, 6) : []),
      ...(hasSecond[row] ? drawWords(random.below, topicWords, topicWords, 6) : []),
      ...drawWords(random.below, 2 * topicWords, noiseWords, 4),
    ];
    ids.push(...words);
    weights.push(...words.map(() => wordWeight));
    offsets[row + 1] = ids.length;
  }
  const dense = Float32Array.from({ length: 2 * rows }, () => random.normal());
  const matrix: FeatureMatrix = {
    rows,
    buckets: 2 * topicWords + noiseWords,
    denseFeatures: 2,
    offsets,
    ids: Int32Array.from(ids),
    weights: Float32Array.from(weights),
    dense,
  };
  return { matrix, hasFirst, hasSecond };
}

/** One logistic column, every row known. */
export function logisticTargets(values: readonly boolean[]): Targets {
  return {
    columns: [{ kind: "logistic" }],
    values: Float32Array.from(values, Number),
    weights: new Float32Array(values.length).fill(1),
  };
}

/** Share of rows whose logit has the right sign. */
export function accuracy(logits: Float32Array, truth: readonly boolean[]): number {
  return truth.filter((value, row) => logits[row]! > 0 === value).length / truth.length;
}

function drawWords(below: (n: number) => number, from: number, count: number, wanted: number): number[] {
  const words = new Set<number>();
  while (words.size < wanted) words.add(from + below(count));
  return [...words];
}
