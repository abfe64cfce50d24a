import { createHash } from "node:crypto";

/** A source of repeatable randomness: the same seed gives the same sequence on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform integer from 0 to `below` - 1. */
  integer(below: number): number;
  /** One element, all equally likely. */
  pick<T>(values: readonly T[]): T;
  /** One key of a table of non-negative weights. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
}

/** Make a generator (Mulberry32) from a number. */
export function createRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(unit() * below);
  return {
    unit,
    integer,
    pick: (values) => values[integer(values.length)]!,
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>) => {
      const entries = Object.entries(weights) as Array<[K, number]>;
      let left = unit() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return entries.at(-1)![0];
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
  };
}

/** A number in [0, 1) that depends on nothing but the parts: a coin that always falls the same way for the same thing. */
export function hashUnit(...parts: ReadonlyArray<string | number>): number {
  return createHash("sha256").update(parts.join("\0")).digest().readUIntBE(0, 6) / 2 ** 48;
}
