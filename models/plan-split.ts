import { createRandom } from "../datasets/random.js";
import { assignFolds, splitByTime } from "./split.js";

/** How rows were divided: see {@link planSplit}. */
export interface SplitPlan {
  kind: "cross_fit" | "holdout";
  /** Fold of each row, or its part: 0 train, 1 calibration, 2 threshold. */
  parts: Int32Array;
  about: string;
}

/** Divide rows for training, calibration and thresholds. Enough rows that all have a time are cut by time, 60 / 15 / 25 %,
 * so that thresholds are certified on traffic younger than what was trained on. Others are cross-fitted, in 5 folds or 3:
 * every row then has a prediction made without it, thresholds rest on all rows, and the exported model is fitted to all.
 * So many rows that a quarter of them certifies as much as anybody needs are cut at random, which costs a fifth of the time.
 * @param groups rows that must stay together
 * @param times microseconds; null = unknown */
export function planSplit(
  groups: ArrayLike<number>,
  times: ReadonlyArray<number | null>,
  seed: number,
): SplitPlan {
  const isDated = times.length >= leastTimeSplitRows && times.every((time) => time !== null);
  if (isDated) {
    const parts = splitByTime(groups, times as number[], partShares);
    return {
      kind: "holdout",
      parts,
      about: "by time and session: oldest 60 % train, 15 % calibration, latest 25 % thresholds",
    };
  }
  if (times.length > mostCrossFitRows) {
    const random = createRandom(seed);
    const parts = splitByTime(
      groups,
      times.map(() => random.uniform()),
      partShares,
    );
    return {
      kind: "holdout",
      parts,
      about: "at random by session: 60 % train, 15 % calibration, 25 % thresholds",
    };
  }
  const folds = foldCount(times.length);
  const about = `${folds}-fold cross-fitting by session: every row is predicted without its fold; final model on all rows`;
  return { kind: "cross_fit", parts: assignFolds(groups, folds, seed), about };
}

/** Below this many rows a three-way split leaves too little for each part. */
const leastTimeSplitRows = 3_000;

const partShares = [0.6, 0.15, 0.25];

/** Above this many rows folds cost minutes and say nothing new about how members should be weighed. */
export const mostCrossFitRows = 25_000;

/** Five folds, three where there are rows in plenty: each fit still sees two thirds of them, and it takes 60 % of the time. */
export function foldCount(rows: number): number {
  return rows > rowsInPlenty ? 3 : 5;
}

const rowsInPlenty = 12_000;
