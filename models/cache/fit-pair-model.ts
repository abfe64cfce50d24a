import { type PairModel, pairFeatureNames } from "@signalbox/runtime";
import { fitLinearPath } from "../classifier/fit-linear.js";
import { startTfjs } from "../classifier/tfjs.js";

/** A pair whose label is known, or believed from the log. */
export interface LabelledPair {
  /** Of `pairFeatures`. */
  features: ArrayLike<number>;
  isSame: boolean;
}

/** Fewer of either kind teach nothing. */
export const leastPairsPerClass = 10;

/** Held firmly, so that a few hundred pairs don't overfit eleven weights. */
const penalty = { wide: null, dense: 3 };

/** Fit the same-answer score: a logistic regression on standardised pair features, by TensorFlow.js. Any score is safe to use, since
 * thresholds are certified on other labels; a better one only certifies more hits.
 * @returns null when there are fewer than {@link leastPairsPerClass} pairs of a kind */
export async function fitPairModel(pairs: readonly LabelledPair[]): Promise<PairModel | null> {
  const same = pairs.filter(({ isSame }) => isSame).length;
  if (Math.min(same, pairs.length - same) < leastPairsPerClass) return null;
  await startTfjs();
  const width = pairFeatureNames.length;
  const dense = new Float32Array(pairs.length * width);
  pairs.forEach(({ features }, row) => {
    dense.set(features, row * width);
  });
  const matrix = {
    rows: pairs.length,
    buckets: 0,
    offsets: new Int32Array(pairs.length + 1),
    ids: new Int32Array(0),
    weights: new Float32Array(0),
    denseFeatures: width,
    dense,
  };
  const targets = {
    columns: [{ kind: "logistic" as const }],
    values: Float32Array.from(pairs, ({ isSame }) => Number(isSame)),
    weights: new Float32Array(pairs.length).fill(1),
  };
  const { denseWide, bias } = fitLinearPath(matrix, targets, [penalty])[0]!;
  return { weights: denseWide, bias: bias[0]! };
}
