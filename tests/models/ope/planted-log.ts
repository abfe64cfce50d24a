import { createRandom } from "../../../datasets/random.js";
import type { OpeRows } from "../../../models/ope/ope-rows.js";

/** A log with a known truth: two models whose quality depends on a need that the log's policy follows badly and the target well. */
export interface PlantedLog {
  rows: OpeRows;
  /** (rows, 2): the need and a noise column. */
  features: Float64Array;
  /** Expected reward of the target over the population. */
  truth: number;
}

/** Draw a log.
 * @param epsilon chance of a uniform draw over both models
 * @param turns rows of one session, which share the need and a luck of their own */
export function plantLog({
  seed,
  sessions = 600,
  turns = 1,
  epsilon = 0.2,
}: {
  seed: number;
  sessions?: number;
  turns?: number;
  epsilon?: number;
}): PlantedLog {
  const random = createRandom(seed);
  const n = sessions * turns;
  const rows: OpeRows = {
    action: new Int32Array(n),
    propensity: new Float64Array(n),
    reward: new Float64Array(n),
    target: [new Float64Array(n), new Float64Array(n)],
    clusters: new Int32Array(n),
  };
  const features = new Float64Array(2 * n);
  for (let row = 0; row < n; row++) {
    const isFirst = row % turns === 0;
    const need = isFirst ? random.uniform() : features[2 * (row - 1)]!;
    features[2 * row] = need;
    features[2 * row + 1] = isFirst ? random.normal() : features[2 * (row - 1) + 1]!;
    const greedy = Number(need < 0.3);
    const action = random.uniform() < epsilon ? random.below(2) : greedy;
    rows.action[row] = action;
    rows.propensity[row] = action === greedy ? 1 - epsilon / 2 : epsilon / 2;
    rows.reward[row] = Number(luckOf(row, features, turns, random.uniform()) < qualityOf(action, need));
    rows.target[Number(need > 0.6)]![row] = 1;
    rows.clusters[row] = Math.floor(row / turns);
  }
  return { rows, features, truth: plantedTruth };
}

/** The weak model falls off where the need is great, the strong one hardly. */
function qualityOf(action: number, need: number): number {
  return action === 0 ? 0.95 - 0.6 * need * need : 0.9 - 0.1 * need;
}

/** Rows of a session succeed and fail together more than they would by chance. */
function luckOf(row: number, features: Float64Array, turns: number, own: number): number {
  if (turns === 1) return own;
  const shared = (Math.abs(features[2 * row + 1]!) * 7919) % 1;
  return row % 5 === 0 ? own : shared;
}

/** Weak on needs up to 0.6, strong above: the integral of the qualities over a uniform need. */
export const plantedTruth = 0.95 * 0.6 - 0.2 * 0.6 ** 3 + (0.9 * 0.4 - 0.05 * (1 - 0.6 ** 2));
