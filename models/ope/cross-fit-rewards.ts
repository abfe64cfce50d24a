import { createRandom } from "../../datasets/random.js";
import type { OpeRows, RewardForecast } from "./ope-rows.js";
import { solveRidge } from "./solve-ridge.js";

/** What is known of the requests, and how to fit. */
export interface RewardModelOptions {
  /** (rows, width) row-major, finite; standardise them first. */
  features: Float64Array;
  width: number;
  seed: number;
  folds?: number;
  /** Penalty on the coefficients that all models share. */
  ridge?: number;
  /** Penalty on how a model differs from that; a model with few rows stays near the shared forecast. */
  ridgeOfModel?: number;
}

/** Forecast the reward of every model on every row by ridge regressions that did not see the row's session: one on all rows, and per model one
 * on what that leaves. Forecasts stay within the rewards that were seen.
 * @see Chernozhukov et al. 2018, Double/debiased machine learning, on cross-fitting */
export function crossFitRewards(
  { action, reward, target, clusters }: Pick<OpeRows, "action" | "reward" | "target" | "clusters">,
  { features, width, seed, folds = 5, ridge = 10, ridgeOfModel = 30 }: RewardModelOptions,
): RewardForecast {
  const size = width + 1;
  const fold = foldOfRows(clusters, folds, seed);
  const rowOf = (row: number): Float64Array => {
    const x = new Float64Array(size);
    x[0] = 1;
    x.set(features.subarray(row * width, (row + 1) * width), 1);
    return x;
  };
  const low = reward.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = reward.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const forecast = target.map(() => new Float64Array(reward.length));
  const sums = gramsByPart(action, { fold, folds, models: target.length, size, rowOf, reward });
  for (let held = 0; held < folds; held++) {
    const kept = target.map((_, model) =>
      addUp(
        sums.filter((part) => part.fold !== held && part.model === model),
        size,
      ),
    );
    const pooled = addUp(kept, size);
    const shared = solveRidge(pooled.gram, pooled.right, penalties(size, ridge, 1e-6));
    const own = kept.map(({ gram, right }) =>
      solveRidge(gram, subtractProduct(right, gram, shared), penalties(size, ridgeOfModel, 1)),
    );
    for (let row = 0; row < reward.length; row++) {
      if (fold[row] !== held) continue;
      const x = rowOf(row);
      own.forEach((coefficients, model) => {
        let value = 0;
        for (let j = 0; j < size; j++) value += x[j]! * (shared[j]! + coefficients[j]!);
        forecast[model]![row] = Math.min(high, Math.max(low, value));
      });
    }
  }
  return forecast;
}

/** Sums over rows of x x' and x r. */
interface Moments {
  gram: Float64Array;
  right: Float64Array;
}

interface Part extends Moments {
  fold: number;
  model: number;
}

function gramsByPart(
  action: Int32Array,
  {
    fold,
    folds,
    models,
    size,
    rowOf,
    reward,
  }: {
    fold: Int32Array;
    folds: number;
    models: number;
    size: number;
    rowOf: (row: number) => Float64Array;
    reward: Float64Array;
  },
): Part[] {
  const parts = Array.from(
    { length: folds * models },
    (_, at): Part => ({
      fold: Math.floor(at / models),
      model: at % models,
      gram: new Float64Array(size * size),
      right: new Float64Array(size),
    }),
  );
  for (let row = 0; row < action.length; row++) {
    const { gram, right } = parts[fold[row]! * models + action[row]!]!;
    const x = rowOf(row);
    for (let i = 0; i < size; i++) {
      right[i]! += x[i]! * reward[row]!;
      for (let j = 0; j <= i; j++) gram[i * size + j]! += x[i]! * x[j]!;
    }
  }
  for (const { gram } of parts)
    for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j]!;
  return parts;
}

function addUp(parts: readonly Moments[], size: number): Moments {
  const sum: Moments = { gram: new Float64Array(size * size), right: new Float64Array(size) };
  for (const { gram, right } of parts) {
    gram.forEach((value, at) => {
      sum.gram[at]! += value;
    });
    right.forEach((value, at) => {
      sum.right[at]! += value;
    });
  }
  return sum;
}

function subtractProduct(right: Float64Array, gram: Float64Array, by: Float64Array): Float64Array {
  const size = right.length;
  return right.map((value, i) => {
    let product = 0;
    for (let j = 0; j < size; j++) product += gram[i * size + j]! * by[j]!;
    return value - product;
  });
}

function penalties(size: number, ridge: number, ofConstant: number): Float64Array {
  const penalty = new Float64Array(size).fill(ridge);
  penalty[0] = ofConstant;
  return penalty;
}

/** Sessions are dealt out at random, whole. */
function foldOfRows(clusters: Int32Array, folds: number, seed: number): Int32Array {
  const ids = [...new Set(clusters)];
  createRandom(seed).shuffle(ids);
  const foldOf = new Map(ids.map((id, at) => [id, at % folds]));
  return clusters.map((id) => foldOf.get(id)!);
}
