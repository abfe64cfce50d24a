import { lengthClasses } from "./length-classes.js";
import type { SweepRows } from "./sweep-rows.js";

/** What a setting comes to, summed by group of sessions: everything that its figures and intervals need. */
export interface SettingSums {
  usd: Float64Array;
  /** Sufficiency; NaN where a model without a head answers. */
  kept: Float64Array;
  /** Attempts that the strong model answers. */
  strong: Float64Array;
  /** Attempts that somebody waits for, by model and length class: place group * cells + model * classes + class. */
  timed: Float64Array;
}

/** Sum a setting over all rows.
 * @param choice place of the model that answers each row */
export function settingSums(sweep: SweepRows, choice: Uint8Array): SettingSums {
  const { replay, rows, group, lengthClass, isTimed, groups } = sweep;
  const { usd, sufficiency } = replay;
  const strong = replay.models.length - 1;
  const cells = replay.models.length * lengthClasses.length;
  const sums: SettingSums = {
    usd: new Float64Array(groups.count),
    kept: new Float64Array(groups.count),
    strong: new Float64Array(groups.count),
    timed: new Float64Array(groups.count * cells),
  };
  for (let i = 0; i < rows.length; i++) {
    const place = choice[i]!;
    const at = place * replay.rows + rows[i]!;
    const g = group[i]!;
    sums.usd[g]! += usd[at]!;
    sums.kept[g]! += sufficiency[at]!;
    if (place === strong) sums.strong[g]! += 1;
    sums.timed[g * cells + place * lengthClasses.length + lengthClass[i]!]! += isTimed[i]!;
  }
  return sums;
}

/** Expected sums of a draw between two settings.
 * @param share chance of `a` */
export function mixSums(a: SettingSums, b: SettingSums, share: number): SettingSums {
  const mix = (x: Float64Array, y: Float64Array) => x.map((value, i) => share * value + (1 - share) * y[i]!);
  return {
    usd: mix(a.usd, b.usd),
    kept: mix(a.kept, b.kept),
    strong: mix(a.strong, b.strong),
    timed: mix(a.timed, b.timed),
  };
}
