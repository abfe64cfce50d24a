import type { ServePolicy } from "../cache-item.js";

/** Serves whenever the nearest entry is near enough: what GPTCache and most gateways do.
 * @param cosine least cosine, -1 to 1
 * @throws {RangeError} on another number */
export function staticThreshold(cosine: number): ServePolicy {
  if (!(cosine >= -1 && cosine <= 1)) throw new RangeError(`cosine is ${cosine}; give one from -1 to 1`);
  return { pick: ({ neighbours }) => (neighbours[0]!.cosine >= cosine ? 0 : -1) };
}
