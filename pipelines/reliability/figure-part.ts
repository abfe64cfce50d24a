import type { Estimate } from "../../datasets/results.js";
import { shareFromJackknife } from "../../models/reliability/share-from-jackknife.js";
import { leastHours, widerJackknife } from "../../models/reliability/wider-jackknife.js";
import type { Interval } from "../../models/statistics/wilson-interval.js";
import type { Gathering } from "./gather-sums.js";

/** A part of the document: figures that are functions of the sums, and what is said once their intervals are known. */
export interface FigurePart<Said> {
  figures: (sums: readonly number[]) => number[];
  /** @param next hands out the figures' intervals, in the order of `figures` */
  say: (next: () => Interval) => Said;
}

/** Work out the intervals of all parts in one go. */
export function sayParts<Parts extends Record<string, FigurePart<unknown>>>(
  { sums }: Gathering,
  parts: Parts,
): { [Name in keyof Parts]: ReturnType<Parts[Name]["say"]> } {
  const list = Object.values(parts);
  const intervals = widerJackknife(sums, (totals) => list.flatMap((part) => part.figures(totals)));
  let place = 0;
  const next = () => intervals[place++]!;
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.say(next)])) as {
    [Name in keyof Parts]: ReturnType<Parts[Name]["say"]>;
  };
}

/** Turns intervals into estimates that say how they came about. */
export interface Estimator {
  /** Null where the figure isn't known. */
  amount: (interval: Interval, how: string, n: number) => Estimate | null;
  /** A share in [0, 1] of so many rows; 0 to 1 where there are none. */
  share: (interval: Interval, how: string, n: number) => Estimate;
}

/** Estimators for a log. */
export function estimator({ replay, sums }: Gathering): Estimator {
  const clustered =
    sums.clusters.hours < leastHours
      ? "95 % interval, jackknife over sessions"
      : "95 % interval, the wider of jackknives over sessions and over hours";
  const method = (how: string) => `${how}; ${clustered}`;
  return {
    amount: (interval, how, n) =>
      Number.isFinite(interval.value) ? { ...interval, method: method(how), n } : null,
    share: (interval, how, n) => {
      const { value, low, high } = shareFromJackknife(interval, { rows: n, clusters: replay.sessions });
      return n > 0
        ? { value, low, high, method: method(how), n }
        : { value: 0, low: 0, high: 1, method: method(how), n };
    },
  };
}
