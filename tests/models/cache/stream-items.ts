import type { CacheItem, ServePolicy } from "../../../models/cache/cache-item.js";

/** A cacheable request of one scope and segment, but for what is given; its key is its text. */
export function itemOf(text: string, at: number, given: Partial<CacheItem> = {}): CacheItem {
  const scope = given.scope ?? "a";
  return {
    id: `${text}@${at}`,
    text,
    scope,
    exactKey: `${scope}/${text}`,
    segment: "default",
    at,
    answerGroup: -1,
    truth: -1,
    neverCache: null,
    costUsd: null,
    ...given,
  };
}

/** Vectors of two dimensions: a text such as `x 30` points 30 degrees up. */
export function embedAngle(text: string): Float32Array {
  const angle = (Number(text.split(" ").at(-1)) / 180) * Math.PI;
  return Float32Array.of(Math.cos(angle), Math.sin(angle));
}

/** Serves from this cosine on. */
export function servesFrom(threshold: number): ServePolicy {
  return { pick: ({ neighbours }) => (neighbours[0]!.cosine >= threshold ? 0 : -1) };
}

/** A semantic tier that serves nothing. */
export const servesNothing: ServePolicy = { pick: () => -1 };
