import type { TimePoints } from "./time-points.js";

/** A mixture of times, each with the mass of requests that take it. */
export interface WeightedTimes {
  add: (points: TimePoints, mass: number, shift?: number) => void;
  /** Add the combination of every pair of points. */
  addPairs: (a: TimePoints, b: TimePoints, mass: number, combine: (a: number, b: number) => number) => void;
  /** Smallest time by which at least the share p of the mass is there; NaN without mass. */
  quantiles: (ps: readonly number[]) => number[];
}

/** Collect times by mass, then read quantiles of the whole: a mixture's quantile is not the mean of its parts'. */
export function weightedTimes(): WeightedTimes {
  const times: number[] = [];
  const masses: number[] = [];
  const put = (ms: number, mass: number): void => {
    times.push(ms);
    masses.push(mass);
  };
  return {
    add: ({ total }, mass, shift = 0) => {
      for (const ms of total) put(ms + shift, mass / total.length);
    },
    addPairs: (a, b, mass, combine) => {
      const each = mass / (a.total.length * b.total.length);
      for (const x of a.total) for (const y of b.total) put(combine(x, y), each);
    },
    quantiles: (ps) => {
      const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
      const all = masses.reduce((sum, mass) => sum + mass, 0);
      return ps.map((p) => quantile(order, p * all));
    },
  };

  function quantile(order: Uint32Array, wanted: number): number {
    let mass = 0;
    for (const i of order) {
      mass += masses[i]!;
      if (mass >= wanted * (1 - 1e-12)) return times[i]!;
    }
    return Number.NaN;
  }
}
