import { createRandom } from "../../../datasets/random.js";

/** Scores whose true probability rises, stays flat and rises again: a curve that no straight line on the logit scale follows. */
export function bentWorld(
  rows: number,
  seed: number,
): { scores: Float64Array; truth: Float64Array; targets: Float64Array } {
  const random = createRandom(seed);
  const scores = Float64Array.from({ length: rows }, () => 6 * random.uniform() - 3);
  const truth = scores.map((score) => (score < -1.5 ? 0.1 : score < 1.5 ? 0.5 : 0.95));
  return { scores, truth, targets: truth.map((p) => Number(random.uniform() < p)) };
}
