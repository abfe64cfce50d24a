import { createRandom } from "../../datasets/random.js";
import { populationStability } from "./population-stability.js";

/** Rows of two sides: sessions are whole and belong to the side in which they began. */
export interface Sides {
  /** 1 = since, 0 = before. */
  isSince: ArrayLike<number>;
  /** Session of each row, 0 to count - 1. */
  clusters: Int32Array;
}

/** Chance of a stability index as large as the one seen if the side of a session were a matter of chance: sessions, not rows, are dealt out
 * anew, so that a few long ones don't alarm. Where chance often does as much, it stops early.
 * @param bins bin of each row
 * @param options.shuffles at most; the least value is 1 / (shuffles + 1)
 * @see Besag and Clifford 1991, Sequential Monte Carlo p-values; Phipson and Smyth 2010, Permutation P-values should never be zero */
export function sessionShufflePValue(
  bins: Int32Array,
  count: number,
  { isSince, clusters }: Sides,
  { shuffles = 9_999, seed }: { shuffles?: number; seed: number },
): number {
  const { offsets, filled, sides, total } = countBySession(bins, count, { isSince, clusters });
  const seen = stabilityOf(sides, { offsets, filled, total, count });
  const random = createRandom(seed);
  let asLarge = 0;
  for (let shuffle = 1; shuffle <= shuffles; shuffle++) {
    random.shuffle(sides);
    if (stabilityOf(sides, { offsets, filled, total, count }) >= seen - 1e-12) asLarge += 1;
    if (asLarge === enough) return asLarge / shuffle;
  }
  return (asLarge + 1) / (shuffles + 1);
}

/** Shuffles with as large an index after which the p-value is known well enough. */
const enough = 20;

/** Bins of each session's rows, one after the other. */
interface SessionBins {
  offsets: Int32Array;
  filled: Int32Array;
  total: Float64Array;
  count: number;
}

function countBySession(bins: Int32Array, count: number, { isSince, clusters }: Sides) {
  const sessions = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const offsets = new Int32Array(sessions + 1);
  for (const cluster of clusters) offsets[cluster + 1]! += 1;
  for (let session = 0; session < sessions; session++) offsets[session + 1]! += offsets[session]!;
  const next = Int32Array.from(offsets);
  const filled = new Int32Array(bins.length);
  const sides = new Uint8Array(sessions);
  const total = new Float64Array(count);
  bins.forEach((bin, row) => {
    const cluster = clusters[row]!;
    filled[next[cluster]!++] = bin;
    sides[cluster] = isSince[row]!;
    total[bin]! += 1;
  });
  return { offsets, filled, sides, total };
}

function stabilityOf(sides: Uint8Array, { offsets, filled, total, count }: SessionBins): number {
  const since = new Float64Array(count);
  for (let session = 0; session < sides.length; session++) {
    if (sides[session] === 0) continue;
    for (let at = offsets[session]!; at < offsets[session + 1]!; at++) since[filled[at]!]! += 1;
  }
  return populationStability(
    total.map((rows, bin) => rows - since[bin]!),
    since,
  ).psi;
}
