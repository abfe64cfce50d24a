import type { FeatureVector } from "@signalbox/runtime";
import { createRandom } from "../../datasets/random.js";
import type { FeatureMatrix } from "../classifier/feature-matrix.js";
import { type DenseMoments, denseMoments, standardise } from "../classifier/standardise.js";
import { knownMean, type Policy, type PolicyRows } from "./policy.js";

/** How a bandit learns. */
interface LinUcbOptions {
  /** Width of the confidence bound that it explores by, in standard errors. */
  alpha?: number;
  /** Prior precision of every coefficient. */
  ridge?: number;
}

/** Hashed n-grams beside the dense features. */
const projected = 64;

/** LinUCB with one linear model per arm, trained offline by replay: rows come in random order, the arm with the highest upper bound
 * of quality minus cost answers, and only its outcome is learnt. The price of money is drawn anew for each row, so that arms are
 * tried that only some settings would use. Where the chosen arm's outcome isn't known (logged data), the row is passed over.
 * It learns less from the same rows than a supervised fit, which sees every arm; it is for logs with one answer per row.
 * @see Li, Chu, Langford and Schapire 2010, LinUCB (disjoint); Li et al. 2011 for replay */
export function linUcbPolicy(options: LinUcbOptions = {}): Policy {
  return {
    name: "linucb",
    fit: async (train, seed) => {
      const model = fitLinUcb(train, seed, options);
      const size = contextSize(train.matrix.denseFeatures);
      return {
        forecast: async ({ matrix }) => {
          const asked = contextsOf(matrix, model.moments);
          return model.coefficients.map((arm) =>
            Float64Array.from({ length: matrix.rows }, (_, row) =>
              dot(arm, asked.subarray(row * size, (row + 1) * size)),
            ),
          );
        },
      };
    },
  };
}

/** What a bandit has learnt, as plain arrays that another thread can read. */
export interface LinUcbModel {
  moments: DenseMoments;
  /** One linear model per arm over the context: a constant, dense features, hashed n-grams. */
  coefficients: Float64Array[];
}

/** Learn arms by replay; see {@link linUcbPolicy}. */
export function fitLinUcb(
  train: PolicyRows,
  seed: number,
  { alpha = 0.5, ridge = 1 }: LinUcbOptions = {},
): LinUcbModel {
  const moments = denseMoments(train.matrix.dense, train.matrix.denseFeatures);
  const contexts = contextsOf(train.matrix, moments);
  const size = contextSize(train.matrix.denseFeatures);
  const arms = train.quality.map(() => createArm(size, ridge));
  const costs = relativeCosts(train);
  const random = createRandom(seed);
  for (const row of random.shuffle(Int32Array.from(train.texts, (_, row) => row))) {
    const context = contexts.subarray(row * size, (row + 1) * size);
    const price = 10 ** (3 * random.uniform() - 2);
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    arms.forEach((arm, a) => {
      const bound = arm.mean(context) + alpha * arm.deviation(context) - price * costs[a]!;
      if (bound > highest) [best, highest] = [a, bound];
    });
    const reward = train.quality[best]![row]!;
    if (!Number.isNaN(reward)) arms[best]!.learn(context, reward);
  }
  return { moments, coefficients: arms.map(({ coefficients }) => coefficients) };
}

/** How much single requests need one arm rather than another: the difference of their forecasts, straight from a request's features.
 * Nothing is allocated, for it is asked about a million requests.
 * @returns function of a request's features */
export function linUcbNeed(
  { moments, coefficients }: LinUcbModel,
  { weak, strong }: { weak: number; strong: number },
): (features: FeatureVector) => number {
  const gain = coefficients[strong]!.map((value, i) => value - coefficients[weak]![i]!);
  const { mean, spread } = moments;
  const scale = 1 / Math.sqrt(mean.length);
  const slopes = mean.map((_, j) => (spread[j]! > 0 ? (scale * gain[1 + j]!) / spread[j]! : 0));
  const start = slopes.reduce((sum, slope, j) => sum - slope * mean[j]!, gain[0]!);
  const grams = gain.subarray(1 + mean.length);
  return ({ ids, weights, dense }) => {
    let need = start;
    for (let j = 0; j < slopes.length; j++) need += slopes[j]! * dense[j]!;
    for (let at = 0; at < ids.length; at++) {
      const hash = gramHash(ids[at]!);
      need += gramSign(hash) * weights[at]! * grams[gramPlace(hash)]!;
    }
    return need;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Mean cost of each arm: 0 = the cheapest, 1 = the dearest. */
function relativeCosts({ usd }: PolicyRows): number[] {
  const means = usd.map(knownMean);
  const cheapest = Math.min(...means);
  const spread = Math.max(...means) - cheapest || 1;
  return means.map((mean) => (mean - cheapest) / spread);
}

function contextSize(denseFeatures: number): number {
  return 1 + denseFeatures + projected;
}

/** A constant, the standardised dense features, and n-grams hashed with signs into a few sums; (rows, size). Dense values
 * are scaled down so that no part outweighs the constant.
 * @see Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning */
function contextsOf(matrix: FeatureMatrix, moments: DenseMoments): Float64Array {
  const { rows, denseFeatures, offsets, ids, weights } = matrix;
  const size = contextSize(denseFeatures);
  const dense = standardise(matrix.dense, moments);
  const scale = 1 / Math.sqrt(denseFeatures);
  const contexts = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    contexts[start] = 1;
    for (let j = 0; j < denseFeatures; j++) {
      contexts[start + 1 + j] = scale * dense[row * denseFeatures + j]!;
    }
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const hash = gramHash(ids[at]!);
      contexts[start + 1 + denseFeatures + gramPlace(hash)]! += gramSign(hash) * weights[at]!;
    }
  }
  return contexts;
}

function gramHash(id: number): number {
  return Math.imul(id + 1, 0x9e3779b1) >>> 0;
}

function gramSign(hash: number): number {
  return hash & 1 ? 1 : -1;
}

function gramPlace(hash: number): number {
  return (hash >>> 8) % projected;
}

interface Arm {
  coefficients: Float64Array;
  mean(context: Float64Array): number;
  /** Standard error of the mean, in units of the noise. */
  deviation(context: Float64Array): number;
  learn(context: Float64Array, reward: number): void;
}

/** Ridge regression whose inverse is updated row by row (Sherman and Morrison). */
function createArm(size: number, ridge: number): Arm {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) inverse[i * size + i] = 1 / ridge;
  const coefficients = new Float64Array(size);
  const product = new Float64Array(size);
  const multiply = (context: Float64Array): number => {
    let form = 0;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += inverse[i * size + j]! * context[j]!;
      product[i] = sum;
      form += sum * context[i]!;
    }
    return form;
  };
  const mean = (context: Float64Array) => dot(coefficients, context);
  return {
    coefficients,
    mean,
    deviation: (context) => Math.sqrt(multiply(context)),
    learn: (context, reward) => {
      const error = reward - mean(context);
      const divisor = 1 + multiply(context);
      for (let i = 0; i < size; i++) {
        const share = product[i]! / divisor;
        coefficients[i]! += share * error;
        for (let j = 0; j < size; j++) inverse[i * size + j]! -= share * product[j]!;
      }
    },
  };
}
