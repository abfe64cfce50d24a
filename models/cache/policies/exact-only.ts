import type { ServePolicy } from "../cache-item.js";

/** A cache without a semantic tier: only requests that are equal share an answer. */
export function exactOnly(): ServePolicy {
  return { pick: () => -1 };
}
