import type { Random } from "../../datasets/random.js";

/** Draw places of a series in blocks that begin anywhere and wrap around, so that what holds between neighbours holds in the draw.
 * @param target filled with places 0 to count - 1
 * @param count places to draw from, at least one
 * @see Politis and Romano 1992, A Circular Block-Resampling Procedure for Stationary Data */
export function drawBlocks(target: Int32Array, count: number, random: Random): void {
  // the order that makes the variance of a mean right, Hall, Horowitz and Jing 1995
  const length = Math.max(1, Math.round(count ** (1 / 3)));
  let place = 0;
  for (let i = 0; i < target.length; i++) {
    place = i % length === 0 ? random.below(count) : (place + 1) % count;
    target[i] = place;
  }
}
