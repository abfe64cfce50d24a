/** A stream of pseudo-random numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Whole number in [0, limit). */
  below(limit: number): number;
  /** Standard normal deviate (Box and Muller 1958). */
  normal(): number;
  /** One element, all equally likely. */
  pick<T>(values: readonly T[]): T;
  /** One key of a table of non-negative weights. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
  /** Permute an array in place (Fisher-Yates) and return it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(values: T): T;
}

/** Seeded generator: sfc32 (Doty-Humphrey, PractRand), state filled by splitmix32. Not for secrets.
 * @param seed any finite number; only its 32 low bits count */
export function createRandom(seed: number): Random {
  const next = sfc32(seed);
  const uniform = () => next() / 4294967296;
  const below = (limit: number) => Math.floor(uniform() * limit);
  return {
    uniform,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: (values) => values[below(values.length)]!,
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>) => {
      const entries = Object.entries(weights) as Array<[K, number]>;
      let left = uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return entries.at(-1)![0];
    },
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [values[i], values[j]] = [values[j], values[i]];
      }
      return values;
    },
  };
}

function sfc32(seed: number): () => number {
  let state = seed | 0;
  const split = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  const next = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
