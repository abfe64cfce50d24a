import type { Random } from "../random.js";

/** Sampler of ranks from 0 to count - 1, where rank r has a share proportional to 1 / (r + 1)^exponent.
 * @param count at least 1
 * @param exponent at least 0; requests to caches lie around 0.6 to 1.2 */
export function createZipf(count: number, exponent: number): (random: Random) => number {
  const upTo = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += (rank + 1) ** -exponent;
    upTo[rank] = sum;
  }
  return (random) => {
    const wanted = random.uniform() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
